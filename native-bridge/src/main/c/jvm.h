/* The JVM's side: Java stacks by JVMTI. */
#ifndef DESCRY_JVM_H
#define DESCRY_JVM_H

#include <jni.h>
#include <jvmti.h>

#include "tracer.h"

extern JavaVM *jvm;
extern jvmtiEnv *jvm_tools;

/* By a platform thread, from Java. NULL when there will be Java stacks, else why not. */
const char *jvm_prepare(JNIEnv *env);
unsigned jvm_walk(uint64_t words[2 * JAVA_FRAMES], bool *cut);

#endif
