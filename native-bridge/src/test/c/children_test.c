/*
 * Children by fork and vfork record nothing, and change nothing of what the parent recorded. The
 * library in ./jdk is taken for the JDK's.
 */
#define _GNU_SOURCE
#include "check.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
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

typedef pid_t vforks_function(int number, int (*others_close)(int));
typedef int number_function(int);

static vforks_function *vforks_call;
static int (*vforks_opens)(void);
static number_function *vforks_closes, *closes_call;

static void *function(void *library, const char *name) {
  void *found = library ? dlsym(library, name) : NULL;
  CHECK(found, "%s: %s", name, dlerror());
  return found;
}

static void child_leaves(int number, int (*others_close)(int)) {
  uint64_t generations = region->generations;
  uint32_t sequence = slot_at(number).sequence;
  ended(vforks_call(number, others_close));
  CHECK(slot_at(number).sequence == sequence, "slot");
  CHECK(region->generations == generations, "generations");
}

/* In a thread that has asked before, and in one that never did. */
static void *by_jdk(void *ask) {
  if (ask) vforks_closes(vforks_opens());
  int number = vforks_opens();
  for (int i = 0; i < 3; i++) {
    child_leaves(number, NULL);
    child_leaves(number, closes_call);
    /* The parent goes on, as do its children. */
    int other = vforks_opens();
    CHECK(slot_at(other).state == SLOT_OPEN, "opened after a child");
    vforks_closes(other);
    CHECK(slot_at(other).state == SLOT_CLOSED, "closed after a child");
  }
  vforks_closes(number);
  CHECK(slot_at(number).state == SLOT_CLOSED, "closed by the parent");
  return NULL;
}

static void by_threads_of_jdk(void) {
  for (int ask = 0; ask < 2; ask++) {
    pthread_t thread;
    CHECK(!pthread_create(&thread, NULL, by_jdk, ask ? &thread : NULL), "thread");
    pthread_join(thread, NULL);
  }
}

static void load_jdk(const char *home) {
  char path[5000];
  snprintf(path, sizeof path, "%s/libvforks.so", home);
  void *library = dlopen(path, RTLD_NOW);
  vforks_call = (vforks_function *)function(library, "vforks_call");
  vforks_opens = (int (*)(void))function(library, "vforks_opens");
  vforks_closes = (number_function *)function(library, "vforks_closes");
  void *opens = dlopen("./libopens.so", RTLD_NOW);
  closes_call = (number_function *)function(opens, "closes_call");
}

static bool marks(const char *object) {
  uint32_t number = (uint32_t)(object_named(object) - region_objects());
  return object_flags[number] & OBJECT_MARKS;
}

static void start(const char *home) {
  struct tracer_options options = {.java_home = home, .budget_share = 0.01, .stacks = STACKS_ALL};
  const char *failed = tracer_start(&options);
  CHECK(!failed, "%s", failed ? failed : "");
}

int main(void) {
  char *home = realpath("jdk", NULL);
  CHECK(home, "jdk");
  start(home);
  load_jdk(home);
  CHECK(object_named("children_test")->flags & OBJECT_VFORKS, "it imports vfork");
  CHECK(!marks("children_test"), "it is not the JDK's");
  CHECK(object_named("libvforks")->flags & OBJECT_VFORKS, "it imports vfork");
  CHECK(marks("libvforks"), "none of its vforks passes the tracer by");
  for (int i = 0; i < 20; i++) {
    by_threads_of_jdk();
    tracer_stop();
    CHECK(!marks("libvforks"), "it is not hooked");
    start(home);
    CHECK(marks("libvforks"), "it is hooked again");
  }
  for (int i = 0; i < 100; i++) {
    by_fork();
    by_vfork();
  }
  FILE *stream = popen("true", "r");
  CHECK(stream && pclose(stream) == 0, "posix_spawn");
  CHECK(region->lost == 0 && region->closes_failed == 0, "lost");
  return 0;
}
