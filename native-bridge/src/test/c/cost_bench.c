/*
 * Prints the CPU time of one open and close of /dev/null in nanoseconds, without the tracer and in
 * each of its modes. Not run with the tests.
 *   cost_bench [opens per round]
 */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 7

static double measure(int opens) {
  struct timespec begun, ended;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begun);
  for (int i = 0; i < opens; i++) close(open("/dev/null", O_RDONLY));
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ended);
  return ((ended.tv_sec - begun.tv_sec) * 1e9 + ended.tv_nsec - begun.tv_nsec) / opens;
}

int main(int length, char **arguments) {
  int opens = length > 1 ? atoi(arguments[1]) : 100000;
  static const char *const modes[] = {"table", "budget", "all, native frames only"};
  double best[4] = {1e9, 1e9, 1e9, 1e9};
  for (int i = 0; i < ROUNDS; i++)
    for (int mode = 0; mode < 4; mode++) {
      if (mode) start_tracer((enum stacks_mode)(mode - 1));
      double took = measure(opens);
      if (mode) tracer_stop();
      if (took < best[mode]) best[mode] = took;
    }
  printf("unhooked %.0f ns\n", best[0]);
  for (int mode = 1; mode < 4; mode++)
    printf("%s %.0f ns (%+.0f)\n", modes[mode - 1], best[mode], best[mode] - best[0]);
  return 0;
}
