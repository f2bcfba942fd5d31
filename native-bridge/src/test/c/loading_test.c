/* Objects that come and go, bind early or late, wrap and interpose; hooks that come and go. */
#define _GNU_SOURCE
#include "check.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

typedef int open_function(void);
typedef int close_function(int);

static void *function(void *library, const char *name) {
  void *found = dlsym(library, name);
  CHECK(found, "%s", name);
  return found;
}

static void by(void *library, const char *opens, const char *closes, const char *path) {
  int number = ((open_function *)function(library, opens))();
  CHECK(number >= 0, "%s", opens);
  struct slot slot = slot_at(number);
  const char *opener = region_objects()[slot.object].path;
  CHECK(slot.state == SLOT_OPEN && slot.call == CALL_open, "%s", opens);
  CHECK(strstr(opener, path), "%s: %s", opens, opener);
  CHECK(((close_function *)function(library, closes))(number) == 0, "%s", closes);
  slot = slot_at(number);
  CHECK(slot.state == SLOT_CLOSED && slot.close_call == CALL_close, "%s", closes);
  CHECK(strstr(region_objects()[slot.close_object].path, path), "%s", closes);
}

static void all_ways(void *library, const char *path) {
  by(library, "opens_call", "closes_call", path);
  by(library, "opens_pointer", "closes_table", path);
  by(library, "opens_name", "closes_call", path);
  by(library, "opens_call", "closes_table_middle", path);
  by(library, "opens_call", "closes_table_last", path);
}

static void reload(void) {
  char now_path[512], *directory = getcwd(now_path, 400);
  CHECK(directory, "getcwd");
  strcat(now_path, "/libopens_now.so");
  for (int i = 0; i < 200; i++) {
    const char *path = i % 2 ? now_path : "./libopens.so";
    void *library = dlopen(path, i % 3 ? RTLD_LAZY : RTLD_NOW);
    CHECK(library, "%s", dlerror());
    all_ways(library, i % 2 ? "libopens_now.so" : "libopens.so");
    CHECK(dlclose(library) == 0, "dlclose");
    tracer_refresh();
    const struct object *object = object_named(i % 2 ? "libopens_now" : "libopens.so");
    CHECK(object->unloaded && !object->hooks, "it is gone");
  }
  for (uint32_t i = 2; i < region->object_count; i++)
    for (uint32_t j = 2; j < i; j++) {
      const struct object *one = region_objects() + i, *other = region_objects() + j;
      CHECK(one->base != other->base || strcmp(one->path, other->path), "two of %s", one->path);
    }
}

/* What dlopen's hook leaves to a jump is found when a name is looked up. */
static void bare_name(void) {
  void *library = dlopen("libopens.so", RTLD_LAZY); /* by this program's RUNPATH */
  CHECK(library, "%s", dlerror());
  all_ways(library, "libopens.so");
  dlclose(library);
}

static void wrapper(void) {
  void *library = dlopen("./libwraps.so", RTLD_NOW);
  CHECK(library, "%s", dlerror());
  int (*open_wrapped)(const char *, int, ...) =
      (int (*)(const char *, int, ...))dlsym(library, "open");
  int *wrapped = function(library, "wrapped");
  int number = open_wrapped("/dev/null", O_RDONLY);
  CHECK(number >= 0 && *wrapped == 1, "RTLD_NEXT leads on");
  close(number);
  dlclose(library);
}

int slow_loads, slow_may_end; /* see slow.c */

static void *load_slow(void *unused) {
  (void)unused;
  void *library = dlopen("./libslow.so", RTLD_NOW);
  CHECK(library, "%s", dlerror());
  return library;
}

static void await_loading(void) {
  while (!__atomic_load_n(&slow_loads, __ATOMIC_SEQ_CST)) usleep(1000);
}

static void *refresh_meanwhile(void *unused) {
  await_loading();
  tracer_refresh();
  return unused;
}

static bool is_known(const char *part) {
  for (uint32_t i = 2; i < __atomic_load_n(&region->object_count, __ATOMIC_ACQUIRE); i++)
    if (strstr(region_objects()[i].path, part)) return true;
  return false;
}

/* The loader has yet to seal what it loads: nothing is written there before it has. */
static void slow_loading(void) {
  pthread_t loads, refreshes;
  /* While something is being loaded, no thread can be made. */
  pthread_create(&refreshes, NULL, refresh_meanwhile, NULL);
  pthread_create(&loads, NULL, load_slow, NULL);
  await_loading();
  while (!is_known("libslow.so")) usleep(1000);
  usleep(20000);
  uint32_t hooks = __atomic_load_n(&object_named("libslow.so")->hooks, __ATOMIC_RELAXED);
  CHECK(!hooks, "%u hooks in what is being loaded", hooks);
  __atomic_store_n(&slow_may_end, 1, __ATOMIC_SEQ_CST);
  void *library;
  pthread_join(loads, &library);
  pthread_join(refreshes, NULL);
  CHECK(object_named("libslow.so")->hooks, "it is loaded");
  by(library, "opens_pointer", "closes_table", "libslow.so");
  CHECK(((int (*)(void))function(library, "answers_slowly"))() == 42, "the library");
  dlclose(library);
}

static int image_of_opens_now(struct dl_phdr_info *info, size_t size, void *image) {
  (void)size;
  if (!strstr(info->dlpi_name, "libopens_now.so")) return 0;
  image_read(image, info);
  return 1;
}

/*
 * Profilers that patch slots leave pages writable, and write there again without a question. That is
 * not the look of what is being loaded, and not for others to seal.
 */
static void left_unsealed(bool all) {
  tracer_stop();
  void *library = dlopen("./libopens_now.so", RTLD_NOW);
  CHECK(library, "%s", dlerror());
  struct image image;
  CHECK(dl_iterate_phdr(image_of_opens_now, &image), "not found");
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  uintptr_t begin = image.relro_begin, last = image.relro_end - page;
  CHECK(last > begin + page, "what is sealed is too short");
  CHECK(!page_writable(begin) && !page_writable(last), "not sealed");
  uintptr_t from = all ? begin : last;
  CHECK(!mprotect((void *)from, image.relro_end - from, PROT_READ | PROT_WRITE), "mprotect");
  start_tracer(STACKS_ALL);
  all_ways(library, "libopens_now.so");
  CHECK(page_writable(begin) == all && page_writable(last), "not as it was");
  tracer_stop();
  CHECK(!object_named("libopens_now.so")->hooks, "hooks are left");
  CHECK(page_writable(begin) == all && page_writable(last), "not as it was");
  start_tracer(STACKS_ALL);
  all_ways(library, "libopens_now.so");
  dlclose(library);
}

static bool done;

static void *load_and_use(void *argument) {
  const char *path = argument;
  while (!__atomic_load_n(&done, __ATOMIC_RELAXED)) {
    void *library = dlopen(path, RTLD_LAZY);
    CHECK(library, "%s", dlerror());
    int number = ((open_function *)function(library, "opens_call"))();
    CHECK(number >= 0, "open");
    CHECK(((close_function *)function(library, "closes_table"))(number) == 0, "close");
    dlclose(library);
  }
  return NULL;
}

static void *open_and_close(void *unused) {
  (void)unused;
  while (!__atomic_load_n(&done, __ATOMIC_RELAXED)) {
    int number = open("/dev/null", O_RDONLY);
    CHECK(number >= 0 && close(number) == 0, "%d", number);
  }
  return NULL;
}

/* Unhooked and hooked while threads stand in hooks, and load and unload. */
static void under_load(void) {
  pthread_t threads[4];
  pthread_create(threads, NULL, load_and_use, (void *)(uintptr_t) "./libopens.so");
  pthread_create(threads + 1, NULL, load_and_use, (void *)(uintptr_t) "./libopens_now.so");
  for (int i = 2; i < 4; i++) pthread_create(threads + i, NULL, open_and_close, NULL);
  for (int i = 0; i < 200; i++) {
    tracer_stop();
    usleep(500);
    start_tracer(i % 2 ? STACKS_ALL : STACKS_BUDGET);
    usleep(500);
    tracer_refresh();
  }
  __atomic_store_n(&done, true, __ATOMIC_RELAXED);
  for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
}

/* Whoever was preloaded still gets every call, and the caller is the one that counts. */
static void interposed(void) {
  int *opens = dlsym(RTLD_DEFAULT, "preloaded_opens"), before = opens ? *opens : 0;
  CHECK(opens, "not preloaded");
  int number = open("/dev/null", O_RDONLY);
  CHECK(*opens == before + 1, "%d", *opens);
  CHECK(strstr(region_objects()[slot_at(number).object].path, "loading_test"), "caller");
  close(number);
}

int main(int length, char **arguments) {
  (void)arguments;
  start_tracer(STACKS_ALL);
  if (length > 1) interposed();
  reload();
  bare_name();
  wrapper();
  slow_loading();
  left_unsealed(true);
  left_unsealed(false);
  under_load();
  /* All is as before: nothing leads to the tracer any more. */
  tracer_stop();
  for (uint32_t i = 2; i < region->object_count; i++)
    CHECK(!region_objects()[i].hooks, "%s", region_objects()[i].path);
  start_tracer(STACKS_ALL);
  void *library = dlopen("./libopens.so", RTLD_LAZY);
  all_ways(library, "libopens.so");
  return 0;
}
