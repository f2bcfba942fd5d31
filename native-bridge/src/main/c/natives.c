/* The native methods of io.descry.os.tracer.TracerLibrary, which says what they promise. */
#include <stdlib.h>
#include <string.h>

#include "inspect.h"
#include "jvm.h"

extern char *__cxa_demangle(const char *name, char *buffer, size_t *length, int *status);

static const char *no_java_stacks = "the tracer was not started";

static void refuse(JNIEnv *env, const char *reason) {
  jclass type = (*env)->FindClass(env, "java/lang/IllegalStateException");
  if (type) (*env)->ThrowNew(env, type, reason);
}

/* The strings of an array, to be released by release; NULL with an exception pending. */
static const char **strings(JNIEnv *env, jobjectArray array, jsize length) {
  const char **all = calloc((size_t)length + 1, sizeof *all);
  if (!all) refuse(env, "no memory");
  for (jsize i = 0; all && i < length; i++) {
    jstring string = (*env)->GetObjectArrayElement(env, array, i);
    all[i] = (*env)->GetStringUTFChars(env, string, NULL);
    (*env)->DeleteLocalRef(env, string);
  }
  return all;
}

static void release(JNIEnv *env, jobjectArray array, jsize length, const char **all) {
  for (jsize i = 0; i < length; i++) {
    jstring string = (*env)->GetObjectArrayElement(env, array, i);
    if (all[i]) (*env)->ReleaseStringUTFChars(env, string, all[i]);
    (*env)->DeleteLocalRef(env, string);
  }
  free(all);
}

static jobject JNICALL native_start(JNIEnv *env, jclass type, jstring java_home, jobjectArray own,
                                    jdouble share, jint stacks) {
  (void)type;
  jsize length = (*env)->GetArrayLength(env, own);
  const char **own_paths = strings(env, own, length);
  if (!own_paths) return NULL;
  const char *home = (*env)->GetStringUTFChars(env, java_home, NULL);
  const char *failed = home ? NULL : "no memory";
  if (!failed) {
    no_java_stacks = stacks == STACKS_NONE ? "stacks=none" : jvm_prepare(env);
    struct tracer_options options = {
        .java_home = home, .own = own_paths, .own_length = (unsigned)length,
        .budget_share = share, .stacks = (enum stacks_mode)stacks,
        .java = no_java_stacks ? NULL : jvm_walk};
    failed = tracer_start(&options);
    (*env)->ReleaseStringUTFChars(env, java_home, home);
  }
  release(env, own, length, own_paths);
  if (!failed && stacks != STACKS_NONE && stacks_reason()) no_java_stacks = stacks_reason();
  if (failed) {
    refuse(env, failed);
    return NULL;
  }
  return (*env)->NewDirectByteBuffer(env, region, (jlong)region_bytes);
}

static void JNICALL native_refresh(JNIEnv *env, jclass type) {
  (void)env;
  (void)type;
  tracer_refresh();
}

static void JNICALL native_stop(JNIEnv *env, jclass type) {
  (void)env;
  (void)type;
  tracer_stop();
}

static jobjectArray JNICALL native_calls(JNIEnv *env, jclass type) {
  (void)type;
  jclass string = (*env)->FindClass(env, "java/lang/String");
  jobjectArray names = string ? (*env)->NewObjectArray(env, CALL_COUNT, string, NULL) : NULL;
  for (jsize i = 0; names && i < CALL_COUNT; i++) {
    jstring name = (*env)->NewStringUTF(env, call_names[i]);
    if (!name) return NULL;
    (*env)->SetObjectArrayElement(env, names, i, name);
    (*env)->DeleteLocalRef(env, name);
  }
  return names;
}

static jstring JNICALL native_reason(JNIEnv *env, jclass type) {
  (void)type;
  return no_java_stacks ? (*env)->NewStringUTF(env, no_java_stacks) : NULL;
}

static jstring JNICALL native_demangle(JNIEnv *env, jclass type, jstring mangled) {
  (void)type;
  const char *name = (*env)->GetStringUTFChars(env, mangled, NULL);
  if (!name) return NULL;
  /* Anything else is read as a type: "i" would be int. */
  char *plain = strncmp(name, "_Z", 2) ? NULL : __cxa_demangle(name, NULL, NULL, NULL);
  (*env)->ReleaseStringUTFChars(env, mangled, name);
  jstring answer = plain ? (*env)->NewStringUTF(env, plain) : NULL;
  free(plain);
  return answer;
}

/* As StackTraceElement has it: -2 in a native method, -1 when unknown. */
static jint line_of(jmethodID method, jint index) {
  if (index < 0) return -2;
  jint length = 0, line = -1;
  jvmtiLineNumberEntry *lines = NULL;
  if ((*jvm_tools)->GetLineNumberTable(jvm_tools, method, &length, &lines)) return -1;
  jlocation nearest = -1;
  for (jint i = 0; i < length; i++) {
    /* Not always in order (JVMTI). */
    if (lines[i].start_location > index || lines[i].start_location < nearest) continue;
    nearest = lines[i].start_location;
    line = lines[i].line_number;
  }
  (*jvm_tools)->Deallocate(jvm_tools, (unsigned char *)lines);
  return line;
}

/* Takes text over. */
static jstring string_of(JNIEnv *env, char *text) {
  jstring string = text ? (*env)->NewStringUTF(env, text) : NULL;
  if (text) (*jvm_tools)->Deallocate(jvm_tools, (unsigned char *)text);
  return string;
}

static jobject boxed(JNIEnv *env, jint value) {
  jclass type = (*env)->FindClass(env, "java/lang/Integer");
  jmethodID make =
      type ? (*env)->GetStaticMethodID(env, type, "valueOf", "(I)Ljava/lang/Integer;") : NULL;
  return make ? (*env)->CallStaticObjectMethod(env, type, make, value) : NULL;
}

static jobjectArray JNICALL native_method(JNIEnv *env, jclass type, jlong id, jint index) {
  (void)type;
  if (!jvm_tools || !id) return NULL;
  jmethodID method = (jmethodID)(uintptr_t)id;
  jclass holder = NULL;
  /* HotSpot keeps ids of unloaded methods, emptied, and refuses them. The class then stays. */
  if ((*jvm_tools)->GetMethodDeclaringClass(jvm_tools, method, &holder) || !holder) return NULL;
  char *name = NULL, *file = NULL;
  if ((*jvm_tools)->GetMethodName(jvm_tools, method, &name, NULL, NULL)) return NULL;
  if ((*jvm_tools)->GetSourceFileName(jvm_tools, holder, &file)) file = NULL;
  jint line = line_of(method, index);
  jobject parts[] = {holder, string_of(env, name), string_of(env, file), boxed(env, line)};
  if ((*env)->ExceptionCheck(env)) return NULL;
  jclass object = (*env)->FindClass(env, "java/lang/Object");
  jobjectArray answer = object ? (*env)->NewObjectArray(env, 4, object, NULL) : NULL;
  for (jsize i = 0; answer && i < 4; i++)
    (*env)->SetObjectArrayElement(env, answer, i, parts[i]);
  return answer;
}

#define NATIVE(name, signature) \
  { (char *)(uintptr_t) #name, (char *)(uintptr_t)signature, (void *)native_##name }

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *unused) {
  (void)unused;
  static const JNINativeMethod natives[] = {
      NATIVE(start, "(Ljava/lang/String;[Ljava/lang/String;DI)Ljava/nio/ByteBuffer;"),
      NATIVE(refresh, "()V"),
      NATIVE(method, "(JI)[Ljava/lang/Object;"),
      NATIVE(calls, "()[Ljava/lang/String;"),
      NATIVE(demangle, "(Ljava/lang/String;)Ljava/lang/String;"),
      NATIVE(reason, "()Ljava/lang/String;"),
      NATIVE(stop, "()V"),
  };
  JNIEnv *env = NULL;
  jvm = vm;
  if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_1_8) != JNI_OK) return JNI_ERR;
  jclass library = (*env)->FindClass(env, "io/descry/os/tracer/TracerLibrary");
  if (!library) return JNI_ERR;
  if ((*env)->RegisterNatives(env, library, natives, sizeof natives / sizeof *natives))
    return JNI_ERR;
  if (!inspect_register(env)) return JNI_ERR;
  return JNI_VERSION_1_8;
}
