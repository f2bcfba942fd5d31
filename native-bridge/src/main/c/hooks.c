/*
 * One hook for each call. Whatever the real function's arguments are, every hook has five integers,
 * of which it passes on what it does not use, and then the number of the object that called.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>

#include "tracer.h"

#ifndef F_DUPFD_CLOEXEC
#define F_DUPFD_CLOEXEC 1030
#endif
#define CLOSE_RANGE_ONLY_MARKS 4 /* CLOSE_RANGE_CLOEXEC, close_range(2) */

#define REAL(name) ((real_function *)call_real[CALL_##name])(a, b, c, d, e)
#define CALLER __builtin_return_address(0)
#define HOOK(result, name) \
  CALLS_REAL static result hook_##name(long a, long b, long c, long d, long e, uint32_t object)

/* Returns a new number. */
#define NEW(name)                                              \
  HOOK(int, name) {                                            \
    int number = (int)REAL(name);                              \
    record_result(CALL_##name, object, number, -1, CALLER);    \
    return number;                                             \
  }

/* Returns something that has a new number. */
#define NEW_IN(type, name, number_of)                                                 \
  HOOK(type *, name) {                                                                \
    type *made = (type *)REAL(name);                                                  \
    record_result(CALL_##name, object, made ? number_of(made) : -1, -1, CALLER);      \
    return made;                                                                      \
  }

/* Writes two new numbers. */
#define NEW_PAIR(name, first, second)                                         \
  HOOK(int, name) {                                                           \
    int result = (int)REAL(name);                                             \
    if (result < 0) {                                                         \
      record_failed(CALL_##name, object);                                     \
    } else {                                                                  \
      int numbers[] = {*(const int *)(first), *(const int *)(second)};        \
      record_all_opened(CALL_##name, object, numbers, 2, CALLER);             \
    }                                                                         \
    return result;                                                            \
  }

/* Makes a the number b. */
#define ONTO(name)                                                            \
  HOOK(int, name) {                                                           \
    int source = (int)a, wanted = (int)b;                                     \
    struct ended ended = {0, 0};                                              \
    if (source != wanted) ended = record_closed(CALL_##name, object, wanted); \
    int number = (int)REAL(name);                                             \
    if (number < 0) record_not_closed(object, wanted, ended.now);             \
    if (number < 0 || source != wanted)                                       \
      record_result(CALL_##name, object, number, source, CALLER);             \
    return number;                                                            \
  }

#define CONTROL(name)                                                         \
  HOOK(int, name) {                                                           \
    int result = (int)REAL(name);                                             \
    if ((int)b == F_DUPFD || (int)b == F_DUPFD_CLOEXEC)                       \
      record_result(CALL_##name, object, result, (int)a, CALLER);             \
    return result;                                                            \
  }

/* Ends a number, which is to be known before it ends. */
#define END(name, number)                                                     \
  HOOK(int, name) {                                                           \
    int ending = (number);                                                    \
    struct ended ended = record_closed(CALL_##name, object, ending);          \
    int result = (int)REAL(name);                                             \
    if (result < 0) record_failed(CALL_##name, object);                       \
    record_close_result(CALL_##name, object, ending, ended, result, CALLER);  \
    return result;                                                            \
  }

/* Is of interest when it fails. */
#define ONLY_FAILS(name)                                                      \
  HOOK(int, name) {                                                           \
    int result = (int)REAL(name);                                             \
    if (result < 0) record_failed(CALL_##name, object);                       \
    return result;                                                            \
  }

/* A stream without a number makes errno EBADF, which is not the caller's. */
static int number_of_stream(FILE *stream) {
  int error = errno;
  int number = stream ? fileno(stream) : -1;
  errno = error;
  return number;
}

static int number_of_directory(DIR *directory) {
  int error = errno;
  int number = directory ? dirfd(directory) : -1;
  errno = error;
  return number;
}

#define REOPEN(name)                                                          \
  HOOK(FILE *, name) {                                                        \
    record_closed(CALL_##name, object, number_of_stream((FILE *)c));          \
    FILE *made = (FILE *)REAL(name);                                          \
    record_result(CALL_##name, object, number_of_stream(made), -1, CALLER);   \
    return made;                                                              \
  }

/* clang-format off */
NEW(open) NEW(open64) NEW(openat) NEW(openat64) NEW(creat) NEW(creat64)
NEW(__open_2) NEW(__open64_2) NEW(__openat_2) NEW(__openat64_2) NEW(open_by_handle_at)
NEW(socket) NEW(accept) NEW(accept4)
NEW(epoll_create) NEW(epoll_create1) NEW(eventfd) NEW(timerfd_create)
NEW(inotify_init) NEW(inotify_init1) NEW(fanotify_init) NEW(memfd_create) NEW(memfd_secret)
NEW(pidfd_open) NEW(posix_openpt) NEW(getpt) NEW(mq_open) NEW(shm_open)
NEW(mkstemp) NEW(mkstemp64) NEW(mkostemp) NEW(mkostemp64)
NEW(mkstemps) NEW(mkstemps64) NEW(mkostemps) NEW(mkostemps64)
NEW_PAIR(socketpair, d, d + (long)sizeof(int))
NEW_PAIR(pipe, a, a + (long)sizeof(int)) NEW_PAIR(pipe2, a, a + (long)sizeof(int))
NEW_PAIR(openpty, a, b)
NEW_IN(FILE, fopen, number_of_stream) NEW_IN(FILE, fopen64, number_of_stream)
NEW_IN(FILE, tmpfile, number_of_stream) NEW_IN(FILE, tmpfile64, number_of_stream)
NEW_IN(FILE, popen, number_of_stream) NEW_IN(DIR, opendir, number_of_directory)
REOPEN(freopen) REOPEN(freopen64)
ONTO(dup2) ONTO(dup3)
CONTROL(fcntl) CONTROL(fcntl64)
END(close, (int)a) END(mq_close, (int)a)
END(fclose, number_of_stream((FILE *)a)) END(pclose, number_of_stream((FILE *)a))
END(closedir, number_of_directory((DIR *)a))
ONLY_FAILS(connect) ONLY_FAILS(bind) ONLY_FAILS(listen)
/* clang-format on */

HOOK(int, dup) {
  int number = (int)REAL(dup);
  record_result(CALL_dup, object, number, (int)a, CALLER);
  return number;
}

HOOK(int, signalfd) {
  int number = (int)REAL(signalfd);
  /* With a number of its own, it changes what that waits for. */
  if ((int)a == -1 || number < 0) record_result(CALL_signalfd, object, number, -1, CALLER);
  return number;
}

HOOK(long, recvmsg) {
  long received = REAL(recvmsg);
  if (received >= 0)
    record_received(CALL_recvmsg, object, (const struct msghdr *)b, CALLER);
  else
    record_failed(CALL_recvmsg, object);
  return received;
}

HOOK(int, recvmmsg) {
  int messages = (int)REAL(recvmmsg);
  const struct mmsghdr *all = (const struct mmsghdr *)b;
  for (int i = 0; i < messages; i++)
    record_received(CALL_recvmmsg, object, &all[i].msg_hdr, CALLER);
  if (messages < 0) record_failed(CALL_recvmmsg, object);
  return messages;
}

HOOK(int, close_range) {
  if (!((int)c & CLOSE_RANGE_ONLY_MARKS))
    record_range_closed(CALL_close_range, object, (unsigned)a, (unsigned)b);
  int result = (int)REAL(close_range);
  if (result < 0) record_failed(CALL_close_range, object);
  return result;
}

HOOK(void, closefrom) {
  record_range_closed(CALL_closefrom, object, (int)a < 0 ? 0 : (unsigned)a, ~0u);
  REAL(closefrom);
}

#if defined(__x86_64__)
#define hook_syscall stub_syscall
#endif
#define hook_dlopen stub_dlopen
#define hook_dlsym stub_dlsym
#define hook_vfork stub_vfork
#define hook___vfork stub_vfork

void *const call_hooks[CALL_COUNT] = {
#define CALL(name) (void *)hook_##name,
    CALLS(CALL)
#undef CALL
};
