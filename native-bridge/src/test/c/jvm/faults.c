/* The native half of io.descry.os.tracer.Faults: what upset tracers before. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define METHOD(result, name) JNIEXPORT result JNICALL Java_io_descry_os_tracer_Faults_##name

static JavaVM *jvm;

static void fail(const char *what) {
  perror(what);
  abort();
}

static void open_and_close(int times) {
  for (int i = 0; i < times; i++) {
    int number = open("/dev/null", O_RDONLY);
    if (number < 0 || close(number)) fail("open and close");
  }
}

METHOD(void, openAndClose)(JNIEnv *env, jclass type, jint times) {
  (void)env;
  (void)type;
  open_and_close(times);
}

METHOD(jint, open)(JNIEnv *env, jclass type) {
  (void)env;
  (void)type;
  return open("/dev/null", O_RDONLY);
}

static void wait_for(pid_t child) {
  int status;
  if (child < 0 || waitpid(child, &status, 0) != child || status) fail("child");
}

METHOD(void, fork)(JNIEnv *env, jclass type, jint times) {
  (void)env;
  (void)type;
  for (int i = 0; i < times; i++) {
    pid_t child = fork();
    if (!child) {
      alarm(20); /* one that hangs is one that fails */
      open_and_close(100);
      _exit(0);
    }
    wait_for(child);
  }
}

static void on_signal(int signal) {
  (void)signal;
  int error = errno;
  int number = open("/dev/null", O_RDONLY);
  if (number >= 0) close(number);
  errno = error;
}

/* From now on this thread is interrupted every so often; with 0 no more. */
METHOD(void, signals)(JNIEnv *env, jclass type, jint micros) {
  (void)env;
  (void)type;
  static __thread timer_t timer;
  static __thread bool made;
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGPROF};
  event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
  struct itimerspec often = {{0, micros * 1000L}, {0, micros * 1000L}};
  if (!made && (sigaction(SIGPROF, &action, NULL) ||
                timer_create(CLOCK_MONOTONIC, &event, &timer)))
    fail("timer_create");
  made = true;
  if (timer_settime(timer, 0, &often, NULL)) fail("timer_settime");
  if (micros) return;
  made = false;
  timer_delete(timer);
}

METHOD(void, allocate)(JNIEnv *env, jclass type, jint times) {
  (void)env;
  (void)type;
  for (int i = 0; i < times; i++) free(malloc((size_t)(i % 10000)));
}

METHOD(void, critical)(JNIEnv *env, jclass type, jbyteArray array, jint times) {
  (void)type;
  void *bytes = (*env)->GetPrimitiveArrayCritical(env, array, NULL);
  open_and_close(times);
  (*env)->ReleasePrimitiveArrayCritical(env, array, bytes, JNI_ABORT);
}

METHOD(void, pending)(JNIEnv *env, jclass type) {
  (void)type;
  jclass exception = (*env)->FindClass(env, "java/lang/IllegalStateException");
  if (!exception || (*env)->ThrowNew(env, exception, "pending")) abort();
  open_and_close(10);
}

static void *attached(void *type) {
  open_and_close(10);
  for (int i = 0; i < 3; i++) {
    JNIEnv *env;
    if ((*jvm)->AttachCurrentThread(jvm, (void **)&env, NULL) != JNI_OK) abort();
    open_and_close(10);
    jmethodID called = (*env)->GetStaticMethodID(env, type, "called", "()V");
    if (!called) abort();
    (*env)->CallStaticVoidMethod(env, type, called);
    if ((*env)->ExceptionCheck(env)) abort();
    open_and_close(10);
    if ((*jvm)->DetachCurrentThread(jvm) != JNI_OK) abort();
    open_and_close(10);
  }
  return NULL;
}

METHOD(void, threads)(JNIEnv *env, jclass type, jint times) {
  if ((*env)->GetJavaVM(env, &jvm)) abort();
  jclass shared = (*env)->NewGlobalRef(env, type);
  for (int i = 0; i < times; i++) {
    pthread_t threads[4];
    for (int j = 0; j < 4; j++)
      if (pthread_create(threads + j, NULL, attached, shared)) fail("pthread_create");
    for (int j = 0; j < 4; j++) pthread_join(threads[j], NULL);
  }
  (*env)->DeleteGlobalRef(env, shared);
}
