/*
 * The native methods of io.descry.os.linux.NativeBatch, which says what they promise: system
 * calls that a scan makes for each descriptor, many in one call of Java's. Nothing is locked and
 * nothing is kept.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/stat.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "inspect.h"

enum { AT_EMPTY = 0x1000, AT_DONT_SYNC = 0x4000 };

/* Some closed numbers in a row are cheaper to ask than the directory is. */
enum { GAP = 8 };

/* proc_readfd_common of fs/proc/fd.c: the position of number n is n + 2, after . and .. */
enum { DOTS = 2 };

/* As DescriptorBatch has them, and what follows. */
enum what { POSITION = 1, READINESS = 2, TCP = 3, INTEREST = 4, CONNECTION = 5 };

struct status {
  int32_t number;
  int32_t error;
  uint32_t mode;
  uint32_t links;
  uint64_t device;
  uint64_t inode;
};

enum { INFO = 240 };

/* A closed number leaves events POLLNVAL and size 0. */
struct ask {
  int32_t number;
  int32_t what;
  int32_t events;
  int32_t size;
  union {
    int64_t position;
    uint64_t digest;
    unsigned char info[INFO];
  };
};

/* What getdents64 writes. */
struct entry {
  uint64_t inode;
  int64_t offset;
  unsigned short length;
  unsigned char type;
  char name[];
};

/* Of fstat, for kernels and filters that know no statx. */
static int old_status(int number, struct status *to) {
  struct stat status;
  if (syscall(SYS_fstat, number, &status)) return errno;
  to->mode = status.st_mode;
  to->links = (uint32_t)status.st_nlink;
  to->device = status.st_dev;
  to->inode = status.st_ino;
  return 0;
}

/* Without synchronising: never waits for a file server. */
static int status_of(int number, struct status *to) {
  struct statx status;
  if (syscall(SYS_statx, number, "", AT_EMPTY | AT_DONT_SYNC,
              STATX_TYPE | STATX_NLINK | STATX_INO, &status))
    return errno == EPERM || errno == ENOSYS ? old_status(number, to) : errno;
  uint64_t major = status.stx_dev_major, minor = status.stx_dev_minor;
  to->mode = status.stx_mode;
  to->links = status.stx_nlink;
  to->device = (minor & 0xff) | major << 8 | (minor & ~UINT64_C(0xff)) << 12;
  to->inode = status.stx_ino;
  return 0;
}

/* The first open number from there on; -1: none, below that -errno - 1. */
static int next_open(int directory, int from) {
  if (lseek(directory, (off_t)from + DOTS, SEEK_SET) < 0) return -errno - 1;
  _Alignas(8) char entries[64];
  long size = syscall(SYS_getdents64, directory, entries, sizeof entries);
  if (size < 0) return -errno - 1;
  if (size == 0) return -1;
  int number = 0;
  for (const char *c = ((struct entry *)entries)->name; *c; c++) {
    if (*c < '0' || *c > '9') return -ENOTDIR - 1;
    number = 10 * number + *c - '0';
  }
  return number;
}

static jint JNICALL native_statuses(JNIEnv *env, jclass type, jint directory, jint from,
                                    jlong records, jint capacity) {
  (void)env;
  (void)type;
  struct status *all = (struct status *)(uintptr_t)records;
  int count = 0, closed = 0;
  for (int number = from; count < capacity; number++) {
    struct status *status = all + count;
    memset(status, 0, sizeof *status);
    status->number = number;
    status->error = status_of(number, status);
    if (status->error != EBADF) {
      closed = 0;
      count++;
    } else if (++closed == GAP) {
      int next = next_open(directory, number + 1);
      if (next == -1) break;
      if (next < 0) return next + 1;
      closed = 0;
      number = next - 1;
    }
  }
  return count;
}

static uint64_t mixed(uint64_t hash, uint64_t word) {
  /* FNV-1a's prime, by words. */
  return (hash ^ word) * UINT64_C(0x100000001b3) ^ hash >> 29;
}

/* Of the whole text of fdinfo; 0 when there is none, or it is longer than this reads. */
static uint64_t interest(int directory, int number) {
  char path[32];
  snprintf(path, sizeof path, "../fdinfo/%d", number);
  int file = (int)syscall(SYS_openat, directory, path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  char text[8192];
  long size = read(file, text, sizeof text);
  syscall(SYS_close, file);
  if (size < 0 || size == (long)sizeof text) return 0;
  uint64_t hash = 1;
  for (long at = 0; at < size; at += (long)sizeof(uint64_t)) {
    uint64_t word = 0;
    size_t rest = (size_t)(size - at);
    memcpy(&word, text + at, rest < sizeof word ? rest : sizeof word);
    hash = mixed(hash, word);
  }
  return hash ? hash : 1;
}

static int events_of(int number) {
  struct pollfd asked = {.fd = number, .events = POLLRDHUP};
  return poll(&asked, 1, 0) < 0 ? POLLNVAL : (unsigned short)asked.revents;
}

static int tcp_info(int number, unsigned char info[INFO]) {
  socklen_t size = INFO;
  return getsockopt(number, IPPROTO_TCP, TCP_INFO, info, &size) ? 0 : (int)size;
}

static void JNICALL native_glances(JNIEnv *env, jclass type, jint directory, jlong asks,
                                   jint count) {
  (void)env;
  (void)type;
  struct ask *all = (struct ask *)(uintptr_t)asks;
  for (struct ask *ask = all; ask < all + count; ask++) {
    switch ((enum what)ask->what) {
      case POSITION: ask->position = lseek(ask->number, 0, SEEK_CUR); break;
      case READINESS: ask->events = events_of(ask->number); break;
      case TCP: ask->events = events_of(ask->number); /* fall through */
      case CONNECTION:
        ask->size = tcp_info(ask->number, ask->info);
        break;
      case INTEREST: ask->digest = interest(directory, ask->number); break;
    }
  }
}

bool inspect_register(JNIEnv *env) {
  static const JNINativeMethod natives[] = {
      {(char *)(uintptr_t) "statuses", (char *)(uintptr_t) "(IIJI)I", (void *)native_statuses},
      {(char *)(uintptr_t) "glances", (char *)(uintptr_t) "(IJI)V", (void *)native_glances},
  };
  jclass batch = (*env)->FindClass(env, "io/descry/os/linux/NativeBatch");
  return batch &&
         !(*env)->RegisterNatives(env, batch, natives, sizeof natives / sizeof *natives);
}
