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

static void identify(struct use *use, int number) {
  struct stat status;
  /* Half of what a record costs; of what the JDK opens, Java's ledger knows more. */
  if (object_flags[use->object] & OBJECT_JDK) return;
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

void record_opened(enum call call, uint32_t object, int number, int source, const void *caller) {
  if (number < 0 || !process_records(object)) return;
  int error = begin();
  struct use use = use_of(call, object, source);
  identify(&use, number);
  stacks_take(&use, caller);
  table_opened(number, &use);
  end(error);
}

void record_all_opened(enum call call, uint32_t object, const int *numbers, unsigned length,
                       const void *caller) {
  if (!length || !process_records(object)) return;
  int error = begin();
  struct use use = use_of(call, object, -1);
  stacks_take(&use, caller);
  for (unsigned i = 0; i < length; i++) {
    int number;
    memcpy(&number, numbers + i, sizeof number); /* control data need not be aligned */
    identify(&use, number);
    table_opened(number, &use);
  }
  end(error);
}

uint64_t record_closed(enum call call, uint32_t object, int number) {
  if (number < 0 || !process_records(object)) return 0;
  int error = begin();
  uint64_t generation = table_closed(number, (uint16_t)call, object, process_thread(), now());
  end(error);
  return generation;
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

void record_failed(enum call call, uint32_t object) {
  int error = errno;
  if (error == EAGAIN || error == EINTR || error == EINPROGRESS || !error) return;
  if (!process_records(object)) return;
  begin();
  table_failed((uint16_t)call, object, error, now());
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
