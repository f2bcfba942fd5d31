/*
 * syscall(): what has no function in this libc, or whose caller does not trust it. Numbers from 424 on
 * are the same for all processors; they are written out, since older headers lack them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "tracer.h"

enum {
  NEW_IO_URING_SETUP = 425,
  NEW_OPEN_TREE = 428,
  NEW_FSOPEN = 430,
  NEW_FSMOUNT = 432,
  NEW_FSPICK = 433,
  NEW_PIDFD_OPEN = 434,
  NEW_CLOSE_RANGE = 436,
  NEW_OPENAT2 = 437,
  NEW_PIDFD_GETFD = 438,
  NEW_LANDLOCK_CREATE_RULESET = 444,
  NEW_MEMFD_SECRET = 447,
#if defined(__x86_64__)
  NEW_BPF = 321,
  NEW_MEMFD_CREATE = 319,
  NEW_USERFAULTFD = 323,
#else
  NEW_BPF = 280,
  NEW_MEMFD_CREATE = 279,
  NEW_USERFAULTFD = 282,
#endif
};

#define CLOSE_RANGE_ONLY_MARKS 4
#define LANDLOCK_ASKS_VERSION 1

/* Of bpf(2)'s commands, those that return a number; others return 0, which is none. */
static bool bpf_opens(long command) {
  switch (command) {
    case 0:  /* MAP_CREATE */
    case 5:  /* PROG_LOAD */
    case 7:  /* OBJ_GET */
    case 13: /* PROG_GET_FD_BY_ID */
    case 14: /* MAP_GET_FD_BY_ID */
    case 17: /* RAW_TRACEPOINT_OPEN */
    case 18: /* BTF_LOAD */
    case 19: /* BTF_GET_FD_BY_ID */
    case 28: /* LINK_CREATE */
    case 30: /* LINK_GET_FD_BY_ID */
    case 32: /* ENABLE_STATS */
    case 33: /* ITER_CREATE */
    case 36: /* TOKEN_CREATE */ return true;
    default: return false;
  }
}

/* Whether what it returns is a new number. */
static bool opens(long number, long a, long b, long c) {
  switch (number) {
#ifdef SYS_open
    case SYS_open:
    case SYS_creat:
    case SYS_epoll_create:
    case SYS_eventfd:
    case SYS_inotify_init:
#endif
    case SYS_openat:
    case SYS_open_by_handle_at:
    case SYS_socket:
    case SYS_accept:
    case SYS_accept4:
    case SYS_dup:
    case SYS_epoll_create1:
    case SYS_eventfd2:
    case SYS_timerfd_create:
    case SYS_inotify_init1:
    case SYS_fanotify_init:
    case SYS_perf_event_open:
    case SYS_mq_open:
    case NEW_MEMFD_CREATE:
    case NEW_USERFAULTFD:
    case NEW_IO_URING_SETUP:
    case NEW_OPEN_TREE:
    case NEW_FSOPEN:
    case NEW_FSMOUNT:
    case NEW_FSPICK:
    case NEW_PIDFD_OPEN:
    case NEW_OPENAT2:
    case NEW_PIDFD_GETFD:
    case NEW_MEMFD_SECRET: return true;
#ifdef SYS_signalfd
    case SYS_signalfd:
#endif
    case SYS_signalfd4: return (int)a == -1;
    case SYS_fcntl: return (int)b == F_DUPFD || (int)b == 1030 /* F_DUPFD_CLOEXEC */;
    case NEW_BPF: return bpf_opens(a);
    case NEW_LANDLOCK_CREATE_RULESET: return !((int)c & LANDLOCK_ASKS_VERSION);
    default: return false;
  }
}

static bool opens_pair(long number) {
#ifdef SYS_pipe
  if (number == SYS_pipe) return true;
#endif
  return number == SYS_pipe2 || number == SYS_socketpair;
}

static bool opens_onto(long number) {
#ifdef SYS_dup2
  if (number == SYS_dup2) return true;
#endif
  return number == SYS_dup3;
}

static struct ended before(long number, long a, long b, long c, uint32_t object) {
  if (number == SYS_close) return record_closed(CALL_syscall, object, (int)a);
  if (number == NEW_CLOSE_RANGE && !((int)c & CLOSE_RANGE_ONLY_MARKS))
    record_range_closed(CALL_syscall, object, (unsigned)a, (unsigned)b);
  if (opens_onto(number) && (int)a != (int)b)
    return record_closed(CALL_syscall, object, (int)b);
  return (struct ended){0, 0};
}

static void after(long number, long a, long b, long c, long d, long result, uint32_t object,
                  const void *caller) {
  bool onto = opens_onto(number) && (int)a != (int)b;
  if (onto || opens(number, a, b, c)) {
    bool copies = onto || number == SYS_dup || number == SYS_fcntl;
    record_result(CALL_syscall, object, (int)result, copies ? (int)a : -1, caller);
  } else if (opens_pair(number)) {
    if (result < 0)
      record_failed(CALL_syscall, object);
    else
      record_all_opened(CALL_syscall, object, (const int *)(number == SYS_socketpair ? d : a), 2,
                        caller);
  } else if (number == SYS_recvmsg && result >= 0) {
    record_received(CALL_syscall, object, (const struct msghdr *)b, caller);
  } else if (number == SYS_recvmmsg) {
    const struct mmsghdr *all = (const struct mmsghdr *)b;
    for (long i = 0; i < result; i++)
      record_received(CALL_syscall, object, &all[i].msg_hdr, caller);
  }
}

CALLS_REAL long hook_syscall(long number, long a, long b, long c, long d, long e, long f, uint32_t object) {
  struct ended ended = before(number, a, b, c, object);
  long result = ((real_function *)call_real[CALL_syscall])(number, a, b, c, d, e, f);
  if (result < 0 && opens_onto(number)) record_not_closed(object, (int)b, ended.now);
  if (number == SYS_close)
    record_close_result(CALL_syscall, object, (int)a, ended, (int)result,
                        __builtin_return_address(0));
  after(number, a, b, c, d, result, object, __builtin_return_address(0));
  return result;
}
