/*
 * A hook may run at any point of HotSpot's own code, where JVMTI must not be called. It is safe in a
 * thread whose state is "in native", as the JVM left it when it called native code. That state is in
 * the JavaThread, where HotSpot's vmStructs (which the serviceability agent reads) say; and the
 * JavaThread is what java.lang.Thread.eetop points to.
 */
#define _GNU_SOURCE
#include "jvm.h"

#include <dlfcn.h>
#include <string.h>

JavaVM *jvm;
jvmtiEnv *jvm_tools;

static ptrdiff_t env_in_thread;
static uint64_t state_in_thread;
static int in_native;
static bool dead;

static void JNICALL on_death(jvmtiEnv *tools, JNIEnv *env) {
  (void)tools;
  (void)env;
  __atomic_store_n(&dead, true, __ATOMIC_SEQ_CST);
}

/* The JVM's exported tables: their begin, and where in an entry each member is. */
struct table {
  const char *begin;
  uint64_t stride;
};

static bool export_of(void *library, const char *name, uint64_t *value) {
  const uint64_t *address = dlsym(library, name);
  if (address) *value = *address;
  return address != NULL;
}

static bool find_state(void *library) {
  uint64_t table, stride, type, field, offset;
  if (!export_of(library, "gHotSpotVMStructs", &table) ||
      !export_of(library, "gHotSpotVMStructEntryArrayStride", &stride) ||
      !export_of(library, "gHotSpotVMStructEntryTypeNameOffset", &type) ||
      !export_of(library, "gHotSpotVMStructEntryFieldNameOffset", &field) ||
      !export_of(library, "gHotSpotVMStructEntryOffsetOffset", &offset))
    return false;
  for (const char *entry = (const char *)table;; entry += stride) {
    const char *type_name = *(const char *const *)(entry + type);
    const char *field_name = *(const char *const *)(entry + field);
    if (!type_name || !field_name) return false;
    if (strcmp(type_name, "JavaThread") || strcmp(field_name, "_thread_state")) continue;
    state_in_thread = *(const uint64_t *)(entry + offset);
    return true;
  }
}

static bool find_in_native(void *library) {
  uint64_t table, stride, name, value;
  if (!export_of(library, "gHotSpotVMIntConstants", &table) ||
      !export_of(library, "gHotSpotVMIntConstantEntryArrayStride", &stride) ||
      !export_of(library, "gHotSpotVMIntConstantEntryNameOffset", &name) ||
      !export_of(library, "gHotSpotVMIntConstantEntryValueOffset", &value))
    return false;
  for (const char *entry = (const char *)table;; entry += stride) {
    const char *constant = *(const char *const *)(entry + name);
    if (!constant) return false;
    if (strcmp(constant, "_thread_in_native")) continue;
    in_native = *(const int *)(entry + value);
    return true;
  }
}

static bool read_structs(void) {
  Dl_info info;
  if (!dladdr((void *)(*jvm)->GetEnv, &info)) return false;
  void *library = dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
  bool found = library && find_state(library) && find_in_native(library);
  dlerror(); /* a name that is not there is no error of the application */
  return found;
}

static int state_of(JNIEnv *env) {
  const char *thread = (const char *)env - env_in_thread;
  return *(const volatile int *)(thread + state_in_thread);
}

/* Where in a JavaThread its JNIEnv is. */
static bool locate(JNIEnv *env) {
  jthread thread = NULL;
  if ((*jvm_tools)->GetCurrentThread(jvm_tools, &thread)) return false;
  jclass type = (*env)->FindClass(env, "java/lang/Thread");
  jfieldID field = type ? (*env)->GetFieldID(env, type, "eetop", "J") : NULL;
  (*env)->ExceptionClear(env);
  jlong address = field ? (*env)->GetLongField(env, thread, field) : 0;
  if (!address) return false;
  env_in_thread = (const char *)env - (const char *)(uintptr_t)address;
  /* It is a member, so not far from the begin; and this thread was called from Java. */
  return env_in_thread > 0 && env_in_thread < 1 << 16 && state_of(env) == in_native;
}

static const char *prepare_tools(void) {
  jvmtiEnv *tools = NULL;
  if ((*jvm)->GetEnv(jvm, (void **)&tools, JVMTI_VERSION_1_2) != JNI_OK)
    return "this JVM has no JVMTI";
  jvmtiCapabilities wanted = {.can_get_source_file_name = 1, .can_get_line_numbers = 1};
  jvmtiEventCallbacks callbacks = {.VMDeath = on_death};
  if ((*tools)->AddCapabilities(tools, &wanted) ||
      (*tools)->SetEventCallbacks(tools, &callbacks, sizeof callbacks) ||
      (*tools)->SetEventNotificationMode(tools, JVMTI_ENABLE, JVMTI_EVENT_VM_DEATH, NULL)) {
    (*tools)->DisposeEnvironment(tools);
    return "JVMTI refuses what stacks need";
  }
  jvm_tools = tools;
  return NULL;
}

const char *jvm_prepare(JNIEnv *env) {
  const char *reason = jvm_tools ? NULL : prepare_tools();
  if (reason) return reason;
  if (!read_structs()) return "this JVM does not say where a thread's state is";
  return locate(env) ? NULL : "this JVM keeps a thread's state elsewhere than it says";
}

unsigned jvm_walk(uint64_t words[2 * JAVA_FRAMES], bool *cut) {
  JNIEnv *env = NULL;
  if (__atomic_load_n(&dead, __ATOMIC_RELAXED)) return 0;
  if ((*jvm)->GetEnv(jvm, (void **)&env, JNI_VERSION_1_6) != JNI_OK) return 0;
  if (state_of(env) != in_native) return 0;
  jvmtiFrameInfo frames[JAVA_FRAMES];
  jint length = 0;
  if ((*jvm_tools)->GetStackTrace(jvm_tools, NULL, 0, JAVA_FRAMES, frames, &length)) return 0;
  for (jint i = 0; i < length; i++) {
    words[2 * i] = (uint64_t)(uintptr_t)frames[i].method;
    words[2 * i + 1] = (uint64_t)frames[i].location;
  }
  *cut = length == JAVA_FRAMES;
  return (unsigned)length;
}
