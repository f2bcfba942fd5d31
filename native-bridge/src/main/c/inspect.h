/* What a scan asks about many descriptors at once; natives of their own class. */
#ifndef DESCRY_INSPECT_H
#define DESCRY_INSPECT_H

#include <jni.h>
#include <stdbool.h>

/* Whether the natives are there now; else with an exception pending. */
bool inspect_register(JNIEnv *env);

#endif
