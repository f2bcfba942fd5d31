/*
 * A child of fork() has the table's memory but not its threads; a child of vfork() even shares that
 * memory. Neither may record. A page that the kernel empties in children of fork (MADV_WIPEONFORK,
 * Linux 4.14, madvise(2)) tells the one for the price of a load. The other has to ask for its number:
 * only in objects that import vfork or clone, and in threads that called vfork.
 *
 * For the JDK opens and closes in an object that imports vfork. Where no vfork of an object passes
 * the tracer by, it is enough that each thread asks once. A child of vfork has the thread-local
 * memory of the thread that made it, which stands still meanwhile (vfork(2)); that memory has the
 * mark. It is never taken away: to see that a vfork is over takes the very question that it saves,
 * and a handler of a signal that comes just before the vfork must not take it for over.
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

/*
 * Grows with each object whose vfork begins to mark. Until then a thread may have made a child that
 * is not marked; but while there is one, the thread does not get to ask.
 */
static uint32_t marking = 1;

static __thread struct {
  unsigned depth;
  uint32_t number;
  uint32_t own_at; /* what marking was when it last found itself in its own process */
  bool vforked;
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

void process_marks_more(void) { __atomic_add_fetch(&marking, 1, __ATOMIC_RELEASE); }

void mark_vfork(void) { thread.vforked = true; }

static bool is_own(void) {
  uint32_t at = __atomic_load_n(&marking, __ATOMIC_ACQUIRE);
  /* Not getpid(): glibc before 2.25 remembers the parent's answer across vfork. */
  int error = errno;
  bool own = syscall(SYS_getpid) == own_process;
  errno = error;
  if (own) thread.own_at = at;
  return own;
}

bool process_records(uint32_t object) {
  if (!__atomic_load_n(recording, __ATOMIC_RELAXED)) return false;
  if (ask_always || thread.vforked) return is_own();
  uint32_t flags = __atomic_load_n(object_flags + object, __ATOMIC_ACQUIRE);
  if (!(flags & OBJECT_VFORKS)) return true;
  if ((flags & OBJECT_MARKS) && thread.own_at == __atomic_load_n(&marking, __ATOMIC_RELAXED))
    return true;
  return is_own();
}

/* Kept, for threads that do not record never get here: no child has it from its parent. */
uint32_t process_thread(void) {
  if (!thread.number) thread.number = (uint32_t)syscall(SYS_gettid);
  return thread.number;
}

unsigned *process_depth(void) { return &thread.depth; }
