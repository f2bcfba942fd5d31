/* A handler that opens and closes while its thread does the same, in hooks and in malloc. */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

static volatile sig_atomic_t handled;

static void handler(int signal) {
  (void)signal;
  int number = open("/dev/null", O_RDONLY);
  if (number < 0 || close(number)) abort();
  handled++;
}

static void storm(int flags, int rounds) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART | flags};
  sigaction(SIGALRM, &action, NULL);
  struct itimerval often = {{0, 100}, {0, 100}}, never = {{0, 0}, {0, 0}};
  setitimer(ITIMER_REAL, &often, NULL);
  int wanted = handled + rounds;
  unsigned i = 0;
  while (handled < wanted) {
    int number = open("/dev/zero", O_RDONLY);
    errno = 42;
    CHECK(number >= 0 && slot_at(number).state == SLOT_OPEN, "%d", number);
    free(malloc(i++ % 5000));
    CHECK(errno == 42, "errno is kept");
    CHECK(close(number) == 0, "close");
  }
  setitimer(ITIMER_REAL, &never, NULL);
}

int main(void) {
  start_tracer(STACKS_ALL);
  storm(0, 2000);
  static char room[65536];
  stack_t stack = {.ss_sp = room, .ss_size = sizeof room};
  CHECK(sigaltstack(&stack, NULL) == 0, "sigaltstack");
  storm(SA_ONSTACK, 2000);
  CHECK(*process_depth() == 0, "%u", *process_depth());
  /* A record may be given up when a handler interrupts the same slot's writer, but seldom. */
  CHECK(region->lost < (uint64_t)handled / 10, "%lu", (unsigned long)region->lost);
  return 0;
}
