/*
 * Eight threads open and close, so that each number goes from one to the other at once; whoever
 * holds a number reads its own record, and nobody else's.
 */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define THREADS 8
#define ROUNDS 20000

static ino_t inodes[2];

static void *run(void *argument) {
  unsigned seed = (unsigned)(uintptr_t)argument;
  uint32_t tid = (uint32_t)syscall(SYS_gettid);
  for (int i = 0; i < ROUNDS; i++) {
    int zero = rand_r(&seed) & 1;
    int number = open(zero ? "/dev/zero" : "/dev/null", O_RDONLY);
    int copy = i % 3 ? -1 : dup(number);
    for (int twice = 0; twice < 2; twice++) {
      int which = twice ? copy : number;
      if (which < 0) continue;
      struct slot slot = slot_at(which);
      CHECK(slot.state == SLOT_OPEN && slot.tid == tid, "%d: %u %u", which, slot.tid, tid);
      CHECK(slot.inode == inodes[zero] && !slot.doubtful, "%d", which);
      CHECK(slot.source == (twice ? number : -1), "%d: %d", which, slot.source);
      CHECK(slot.call == (twice ? CALL_dup : CALL_open) && !slot.closed, "%d", which);
    }
    if (copy >= 0) close(copy);
    close(number);
  }
  return NULL;
}

int main(void) {
  struct stat status;
  stat("/dev/null", &status);
  inodes[0] = status.st_ino;
  stat("/dev/zero", &status);
  inodes[1] = status.st_ino;
  start_tracer(STACKS_BUDGET);
  region->closes_unseen = 1; /* so that each has its identity */
  uint64_t before = region->generations;
  pthread_t threads[THREADS];
  for (uintptr_t i = 0; i < THREADS; i++) pthread_create(threads + i, NULL, run, (void *)(i + 1));
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  CHECK(region->generations - before == THREADS * (ROUNDS + (ROUNDS + 2) / 3), "%lu",
        (unsigned long)(region->generations - before));
  CHECK(region->lost == 0 && region->stacks_skipped > 0, "%lu", (unsigned long)region->lost);
  return 0;
}
