/* Closes of numbers that are closed: which are kept, with what, and when the books do not suffice. */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

static int self;

/* That the last close failed as one of a number that was open before, or never was. */
static struct failed_close failed_close(uint64_t ticket, int number, int call, bool known) {
  struct failed_close failed;
  CHECK(region->closes_failed == ticket, "%lu", (unsigned long)region->closes_failed);
  CHECK(failed_close_at(ticket, &failed) && failed.ticket == ticket, "%d", number);
  CHECK(failed.number == number && failed.call == call && (int)failed.object == self, "%d", number);
  CHECK(failed.tid == (uint32_t)getpid() && failed.time > 0, "%u", failed.tid);
  CHECK(known == (failed.before.generation != 0), "%d", number);
  CHECK(known == (failed.native_stack != 0), "a stack where it is of use");
  return failed;
}

/* Closes, which the tracer does not see: this is no import of this program. */
static void close_unseen(int number) {
#if defined(__x86_64__)
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(SYS_close), "D"((long)number)
                   : "rcx", "r11", "memory");
#else
  register long result __asm__("x0") = number;
  register long call __asm__("x8") = SYS_close;
  __asm__ volatile("svc 0" : "+r"(result) : "r"(call) : "memory");
#endif
  CHECK(result == 0, "%d", number);
}

static int open_unseen(int number) {
  int (*seen_by_nobody)(int, int) = (int (*)(int, int))call_real[CALL_dup2];
  CHECK(seen_by_nobody(0, number) == number, "%d", number);
  return number;
}

static void closed_twice(void) {
  uint64_t ticket = region->closes_failed;
  CHECK(close(-1) == -1 && errno == EBADF && region->closes_failed == ticket, "no number");
  int number = eventfd(0, 0);
  struct slot use = slot_at(number);
  CHECK(close(number) == 0 && region->closes_failed == ticket, "once");
  CHECK(close(number) == -1 && errno == EBADF, "twice");
  struct failed_close failed = failed_close(++ticket, number, CALL_close, true);
  CHECK(failed.before.generation == use.generation, "of this use");
  CHECK(failed.before.call == CALL_eventfd && failed.before.close_call == CALL_close, "both");
  CHECK((int)failed.before.close_object == self && failed.before.closed <= failed.time, "first");
  CHECK(syscall(SYS_close, number) == -1 && errno == EBADF, "a third time");
  failed_close(++ticket, number, CALL_syscall, true);

  FILE *stream = fopen("/dev/null", "r");
  number = fileno(stream);
  CHECK(close(number) == 0 && fclose(stream) == EOF && errno == EBADF, "beneath its stream");
  failed_close(++ticket, number, CALL_fclose, true);

  CHECK(close(170) == -1 && errno == EBADF, "never open");
  failed_close(++ticket, 170, CALL_close, false);
  CHECK(close(170) == -1 && errno == EBADF, "never open");
  failed_close(++ticket, 170, CALL_close, false);

  /* Where the books do not have both, nothing is said. */
  number = dup2(0, 171);
  close_unseen(number);
  CHECK(close(number) == -1 && region->closes_failed == ticket, "who closed it is unknown");
  CHECK(close(number) == -1 && region->closes_failed == ticket, "and stays so");
  number = dup2(0, 172);
  CHECK(close(number) == 0 && close(open_unseen(number)) == 0, "opened unseen");
  CHECK(close(number) == -1 && region->closes_failed == ticket, "another use");
  int again = dup2(0, number);
  CHECK(close(again) == 0 && close(again) == -1, "until the next use");
  failed_close(++ticket, number, CALL_close, true);
}

int main(void) {
  start_tracer(STACKS_ALL);
  self = (int)(object_named("closes_test") - region_objects());
  closed_twice();
  CHECK(region->lost == 0 && region->beyond == 0, "%lu", (unsigned long)region->lost);
  return 0;
}
