/* Children by fork and vfork record nothing, and change nothing of what the parent recorded. */
#define _GNU_SOURCE
#include "check.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

static void ended(pid_t child) {
  int status = -1;
  CHECK(waitpid(child, &status, 0) == child && status == 0, "child: %x", (unsigned)status);
}

static void by_fork(void) {
  int number = open("/dev/null", O_RDONLY);
  uint64_t generations = region->generations;
  pid_t child = fork();
  if (!child) {
    int own = open("/dev/null", O_RDONLY);
    close(own);
    close(own);
    close(number);
    void *library = dlopen("./libopens_now.so", RTLD_NOW);
    if (!library || !dlsym(library, "opens_call")) _exit(2);
    /* In its own copy of the table, too. */
    _exit(region->generations == generations && slot_at(number).state == SLOT_OPEN ? 0 : 1);
  }
  ended(child);
  CHECK(slot_at(number).state == SLOT_OPEN && region->generations == generations, "in the parent");
  close(number);
  CHECK(slot_at(number).state == SLOT_CLOSED, "the parent goes on");
}

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

static void by_vfork(void) {
  static volatile int number, own;
  number = open("/dev/null", O_RDONLY);
  uint64_t generations = region->generations;
  pid_t child = vfork();
  if (!child) {
    own = open("/dev/zero", O_RDONLY);
    close(number);
    dup2(own, number);
    close(own);
    close(own);
    _exit(0);
  }
  ended(child);
  CHECK(slot_at(number).state == SLOT_OPEN && region->generations == generations, "by the child");
  close(number);
  CHECK(slot_at(number).state == SLOT_CLOSED, "the parent goes on");
}

int main(void) {
  start_tracer(STACKS_ALL);
  CHECK(object_named("children_test")->flags & OBJECT_VFORKS, "it imports vfork");
  for (int i = 0; i < 100; i++) {
    by_fork();
    by_vfork();
  }
  FILE *stream = popen("true", "r");
  CHECK(stream && pclose(stream) == 0, "posix_spawn");
  CHECK(region->lost == 0 && region->closes_failed == 0, "lost");
  return 0;
}
