/*
 * The native half of io.descry.os.tracer.Faults that calls vfork: by itself, for the tracer is more
 * careful with an object that does.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <jni.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

static void once(int kept) {
  int status;
  pid_t child = vfork();
  if (!child) {
    int number = open("/dev/zero", O_RDONLY);
    close(number);
    close(kept);
    _exit(0);
  }
  if (child < 0 || waitpid(child, &status, 0) != child || status) abort();
}

JNIEXPORT void JNICALL Java_io_descry_os_tracer_Faults_vfork(JNIEnv *env, jclass type, jint times,
                                                             jint kept) {
  (void)env;
  (void)type;
  for (int i = 0; i < times; i++) once(kept);
}
