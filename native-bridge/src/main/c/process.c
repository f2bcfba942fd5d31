/*
 * A child of fork() has the table's memory but not its threads; a child of vfork() even shares that
 * memory. Neither may record. A page that the kernel empties in children of fork (MADV_WIPEONFORK,
 * Linux 4.14, madvise(2)) tells the one for the price of a load. The other has to ask for its number:
 * only objects that import vfork or clone do.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tracer.h"

#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18
#endif

static uint32_t off;
static uint32_t *recording = &off;
static bool ask_always; /* the kernel cannot empty pages */
static long own_process;

static __thread struct {
  unsigned depth;
  uint32_t number;
} thread;

int process_prepare(void) {
  own_process = syscall(SYS_getpid);
  if (recording != &off) return 0;
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  void *memory = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return errno;
  ask_always = madvise(memory, page, MADV_WIPEONFORK) != 0;
  recording = memory;
  return 0;
}

void process_record(bool on) { __atomic_store_n(recording, on, __ATOMIC_SEQ_CST); }

bool process_records(uint32_t object) {
  if (!__atomic_load_n(recording, __ATOMIC_RELAXED)) return false;
  if (!ask_always && !(object_flags[object] & OBJECT_VFORKS)) return true;
  /* Not getpid(): glibc before 2.25 remembers the parent's answer across vfork. */
  int error = errno;
  bool own = syscall(SYS_getpid) == own_process;
  errno = error;
  return own;
}

/* Kept, for threads that do not record never get here: no child has it from its parent. */
uint32_t process_thread(void) {
  if (!thread.number) thread.number = (uint32_t)syscall(SYS_gettid);
  return thread.number;
}

unsigned *process_depth(void) { return &thread.depth; }
