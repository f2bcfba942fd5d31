#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tracer.h"

#ifndef SCM_PIDFD
#define SCM_PIDFD 4 /* Linux 6.5, unix(7) */
#endif

/* These share one inode (anon_inodes, fs/anon_inodes.c of Linux): the call says more than it. */
static bool is_anonymous(enum call call) {
  switch (call) {
    case CALL_epoll_create:
    case CALL_epoll_create1:
    case CALL_eventfd:
    case CALL_timerfd_create:
    case CALL_signalfd:
    case CALL_inotify_init:
    case CALL_inotify_init1: return true;
    default: return false;
  }
}

/*
 * An identity tells whether a number is still what was opened when its close was not seen. It costs
 * as much as the record. So when opens come too fast for the budget, it is left out until the first
 * time that a close must have been missed; Java doubts those that have none then.
 */
static void identify(struct use *use, bool affordable, int number) {
  struct stat status;
  use->device = use->inode = 0;
  if (!affordable && !__atomic_load_n(&region->closes_unseen, __ATOMIC_RELAXED)) return;
  if (is_anonymous((enum call)use->call)) return;
  /* By its number, for glibc before 2.33 exports no fstat. */
  bool known = syscall(SYS_fstat, number, &status) == 0;
  use->device = known ? status.st_dev : 0;
  use->inode = known ? status.st_ino : 0;
}

static struct use use_of(enum call call, uint32_t object, int source) {
  return (struct use){.call = (uint16_t)call, .object = object, .tid = process_thread(),
                      .time = now(), .source = source};
}

/* Answers errno, for end to restore. */
static int begin(void) {
  int error = errno;
  ++*process_depth();
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  return error;
}

static void end(int error) {
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  --*process_depth();
  errno = error;
}

/* The record of an open: its stacks, and the identity of each number. */
static void opened(struct use *use, const int *numbers, unsigned length, const void *caller) {
  /* Of what the JDK opens, Java's ledger knows more. */
  bool details = !(object_flags[use->object] & OBJECT_JDK);
  bool affordable = details && budget_allows(use->time);
  stacks_take(use, affordable, caller);
  for (unsigned i = 0; i < length; i++) {
    int number;
    memcpy(&number, numbers + i, sizeof number); /* control data need not be aligned */
    if (details) identify(use, affordable, number);
    table_opened(number, use);
  }
  if (affordable) budget_charge(use->time);
}

void record_opened(enum call call, uint32_t object, int number, int source, const void *caller) {
  if (number < 0 || !process_records(object)) return;
  int error = begin();
  struct use use = use_of(call, object, source);
  opened(&use, &number, 1, caller);
  end(error);
}

void record_all_opened(enum call call, uint32_t object, const int *numbers, unsigned length,
                       const void *caller) {
  if (!length || !process_records(object)) return;
  int error = begin();
  struct use use = use_of(call, object, -1);
  opened(&use, numbers, length, caller);
  end(error);
}

struct ended record_closed(enum call call, uint32_t object, int number) {
  if (number < 0 || !process_records(object)) return (struct ended){0, 0};
  int error = begin();
  struct ended ended = table_closed(number, (uint16_t)call, object, process_thread(), now());
  end(error);
  return ended;
}

static void record_close_failed(enum call call, uint32_t object, int number, uint64_t before,
                                const void *caller) {
  struct failed_close failed = {.number = number, .object = object, .call = (uint16_t)call};
  if (before) {
    /* Opened and closed again since, it is not what this close was for. */
    if (!table_read(number, &failed.before) || failed.before.generation != before) return;
    if (failed.before.state != SLOT_CLOSED || failed.before.doubtful) return;
  }
  struct use use = use_of(call, object, -1);
  bool affordable = before && budget_allows(use.time);
  if (before) stacks_take(&use, affordable, caller);
  if (affordable) budget_charge(use.time);
  failed.time = use.time;
  failed.tid = use.tid;
  failed.native_stack = use.native_stack;
  failed.java_stack = use.java_stack;
  memcpy(failed.thread, use.thread, sizeof failed.thread);
  table_close_failed(&failed);
}

void record_close_result(enum call call, uint32_t object, int number, struct ended ended,
                         int result, const void *caller) {
  bool failed = result < 0 && errno == EBADF;
  /* By far the most: it was open, and is closed. */
  if (number < 0 || (!failed && !ended.before) || !process_records(object)) return;
  int error = begin();
  if (failed && !ended.now)
    record_close_failed(call, object, number, ended.before, caller);
  else if (failed)
    table_doubt_close(number, ended.now); /* somebody unseen has closed it */
  else if (result >= 0)
    table_doubt_close(number, ended.before); /* somebody unseen had opened it again */
  end(error);
}

void record_range_closed(enum call call, uint32_t object, unsigned first, unsigned last) {
  if (!process_records(object)) return;
  int highest = table_highest();
  if (highest < 0) return;
  if (last > (unsigned)highest) last = (unsigned)highest;
  for (unsigned number = first; number <= last; number++)
    if (table_is_open((int)number)) record_closed(call, object, (int)number);
}

void record_not_closed(uint32_t object, int number, uint64_t generation) {
  if (!generation || !process_records(object)) return;
  int error = begin();
  table_not_closed(number, generation);
  end(error);
}

/* inotify_init(2) also fails by EMFILE when the user has too many instances, not the process. */
static bool is_exhaustion(enum call call, uint32_t object, int error) {
  if (error != EMFILE && error != ENFILE) return false;
  if (call == CALL_inotify_init || call == CALL_inotify_init1) return false;
  return !(object_flags[object] & OBJECT_DESCRY);
}

void record_failed(enum call call, uint32_t object) {
  int error = errno;
  if (error == EAGAIN || error == EINTR || error == EINPROGRESS || !error) return;
  if (!process_records(object)) return;
  begin();
  table_failed((uint16_t)call, object, error, now());
  if (is_exhaustion(call, object, error)) count(&region->exhausted);
  end(error);
}

void record_result(enum call call, uint32_t object, int number, int source, const void *caller) {
  if (number < 0)
    record_failed(call, object);
  else
    record_opened(call, object, number, source, caller);
}

void record_received(enum call call, uint32_t object, const struct msghdr *message,
                     const void *caller) {
  struct msghdr *walked = (struct msghdr *)(uintptr_t)message; /* CMSG_NXTHDR only reads */
  for (struct cmsghdr *part = CMSG_FIRSTHDR(walked); part; part = CMSG_NXTHDR(walked, part)) {
    if (part->cmsg_level != SOL_SOCKET) continue;
    if (part->cmsg_type != SCM_RIGHTS && part->cmsg_type != SCM_PIDFD) continue;
    size_t bytes = part->cmsg_len - CMSG_LEN(0);
    record_all_opened(call, object, (const int *)(const void *)CMSG_DATA(part),
                      (unsigned)(bytes / sizeof(int)), caller);
  }
}
