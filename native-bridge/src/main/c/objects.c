/*
 * The loaded objects, and their import slots. All of it runs under the loader's own lock, within
 * dl_iterate_phdr, so that no object goes away meanwhile. It allocates nothing there: who holds the
 * allocator's lock may be waiting for the loader's.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <link.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracer.h"

uint32_t object_flags[OBJECT_CAPACITY];

static struct {
  uintptr_t base;
  void *thunks;
  uint32_t seen; /* in this pass */
  bool fetches;  /* looks up names on behalf of Java code */
  bool has_rpath;
  bool unsealed;                    /* when it was last met, */
  unsigned long long unsealed_subs; /* and how many had been unloaded by then */
} known[OBJECT_CAPACITY];

#define MOST_WAITS 10
#define LIBC_PARTS 8u
static struct range {
  uintptr_t begin, end;
} libc_parts[LIBC_PARTS], tracer;
static unsigned libc_length;

static char *homes[2]; /* java.home as given, and without symbolic links */
static char **own_paths;
static unsigned own_paths_length;
static char program[sizeof(((struct object *)0)->path)];

struct pass {
  bool hook; /* or unhook */
  uint32_t number;
  uint32_t objects_full;
  uint32_t interposed;
  uint32_t loading;
  unsigned long long adds, subs;
};

static bool hooking;
static int scanning; /* 0 nobody, 1 somebody, 2 somebody, and another wants it again */
static uint32_t passes;
static unsigned long long scanned_adds, scanned_subs;

static bool in(const struct range *range, uintptr_t address) {
  return address >= range->begin && address < range->end;
}

bool objects_is_tracer(uintptr_t address) { return in(&tracer, address); }

static bool in_libc(uintptr_t address) {
  for (unsigned i = 0; i < libc_length; i++)
    if (in(libc_parts + i, address)) return true;
  return false;
}

static bool begins(const char *text, const char *with) {
  return !strncmp(text, with, strlen(with));
}

static const char *file_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/* The C library, which before glibc 2.34 was several objects. */
static bool is_libc(const char *soname) {
  return begins(soname, "libc.so.") || begins(soname, "libpthread.so.") ||
         begins(soname, "librt.so.") || begins(soname, "libutil.so.") ||
         begins(soname, "libdl.so.") || begins(soname, "ld-linux") || begins(soname, "ld64") ||
         begins(soname, "libgcc_s.so.") || begins(soname, "linux-vdso");
}

static bool is_vfork(const struct import *import) {
  return import->call == CALL_vfork || import->call == CALL___vfork;
}

static void note_fork(const struct import *import, void *argument) {
  uint32_t *flags = argument;
  if (import->call == CALL_CLONES || is_vfork(import)) *flags |= OBJECT_VFORKS;
}

/* Known before the first slot is patched, for a child may run at that moment. */
static uint32_t flags_of(const struct image *image, const char *path, bool first) {
  uint32_t flags = first ? OBJECT_PROGRAM : 0;
  for (int i = 0; i < 2; i++) {
    size_t length = homes[i] ? strlen(homes[i]) : 0;
    if (length && !strncmp(path, homes[i], length) && path[length] == '/') flags |= OBJECT_JDK;
  }
  for (unsigned i = 0; i < own_paths_length; i++)
    if (!strcmp(path, own_paths[i])) flags |= OBJECT_DESCRY;
  if (image->begin <= tracer.begin && tracer.begin < image->end)
    flags |= OBJECT_DESCRY | OBJECT_UNHOOKED;
  if (is_libc(image->soname) || !image->dynamic) flags |= OBJECT_UNHOOKED;
  if (!(flags & OBJECT_UNHOOKED)) image_imports(image, note_fork, &flags);
  return flags;
}

static bool same(const struct object *object, const struct image *image, const char *path) {
  return object->base == image->base && object->dynamic == image->dynamic &&
         object->build_id_length == image->build_id_length &&
         (!image->build_id_length ||
          !memcmp(object->build_id, image->build_id, image->build_id_length)) &&
         !strncmp(object->path, path, sizeof object->path - 1);
}

static void copy(char *to, size_t size, const char *from) {
  size_t length = strnlen(from, size - 1);
  memcpy(to, from, length);
  to[length] = 0;
}

/* The number of a loaded object, new or as before; 0 when there is no more room. */
static uint32_t number_of(struct image *image, const char *path, bool first) {
  struct object *objects = region_objects();
  uint32_t length = region->object_count;
  for (uint32_t i = FETCHED + 1; i < length; i++) {
    if (known[i].base != image->base || !same(objects + i, image, path)) continue;
    /* Loaded again to where it was, its addresses mean what they meant. */
    __atomic_store_n(&objects[i].unloaded, 0, __ATOMIC_RELAXED);
    return i;
  }
  if (length >= region->object_capacity) return 0;
  struct object *object = objects + length;
  *object = (struct object){.base = image->base, .begin = image->begin, .end = image->end,
                            .dynamic = image->dynamic, .loaded = now(),
                            .flags = flags_of(image, path, first),
                            .build_id_length = (uint8_t)image->build_id_length};
  if (image->build_id_length) memcpy(object->build_id, image->build_id, image->build_id_length);
  copy(object->soname, sizeof object->soname, image->soname);
  copy(object->path, sizeof object->path, path);
  known[length].base = image->base;
  known[length].has_rpath = image->has_rpath;
  const char *name = file_name(path);
  known[length].fetches = (object->flags & OBJECT_JDK) &&
                          (!strcmp(name, "libjvm.so") || !strcmp(name, "libjava.so"));
  object_flags[length] = object->flags;
  __atomic_store_n(&region->object_count, length + 1, __ATOMIC_RELEASE);
  return length;
}

struct patching {
  const struct image *image;
  struct unsealed unsealed;
  struct pass *pass;
  uint32_t object;
  uint32_t hooks;
  bool unmarked; /* makes children that the tracer does not get to know of */
  bool marks_more;
};

/* A call by this slot would get to libc, or to whatever is preloaded before it. */
static bool leads_to_real(const struct patching *patching, const struct import *import,
                          uintptr_t value) {
  uintptr_t real = (uintptr_t)call_real[import->call];
  if (value == real || (in_libc(value) && in_libc(real))) return true;
  return import->lazy && value >= patching->image->begin && value < patching->image->end;
}

static void patch(const struct import *import, void *argument) {
  struct patching *patching = argument;
  if (import->call == CALL_CLONES) patching->unmarked = true;
  if (import->call == CALL_CLONES || !call_real[import->call]) return;
  uintptr_t thunk =
      (uintptr_t)thunk_of(known[patching->object].thunks, (enum call)import->call);
  uintptr_t value = __atomic_load_n(import->slot, __ATOMIC_RELAXED);
  if (!patching->pass->hook) {
    if (value == thunk)
      slot_write(&patching->unsealed, import->slot, (uintptr_t)call_real[import->call]);
    return;
  }
  if (value != thunk && !leads_to_real(patching, import, value)) {
    patching->pass->interposed++;
    patching->unmarked |= is_vfork(import);
    return;
  }
  if (value == thunk || slot_write(&patching->unsealed, import->slot, thunk)) {
    patching->hooks++;
    patching->marks_more |= value != thunk && is_vfork(import);
  } else {
    patching->unmarked |= is_vfork(import);
  }
}

/*
 * Other objects than the JDK's may have copied the address of vfork to where no scan finds it, and
 * where the loader binds late, it may write that address over the thunk.
 */
static void note_marks(const struct patching *patching, bool hook) {
  uint32_t number = patching->object, flags = object_flags[number];
  bool marks = hook && !patching->unmarked && patching->image->bound &&
               (flags & OBJECT_JDK) && (flags & OBJECT_VFORKS);
  if (hook && patching->marks_more) process_marks_more();
  flags = marks ? flags | OBJECT_MARKS : flags & ~(uint32_t)OBJECT_MARKS;
  __atomic_store_n(object_flags + number, flags, __ATOMIC_RELEASE);
}

static void patch_object(struct pass *pass, const struct image *image, uint32_t number) {
  struct object *object = region_objects() + number;
  if (!known[number].thunks && !(known[number].thunks = thunks_create(number))) {
    pass->objects_full++;
    return;
  }
  struct patching patching = {.image = image, .pass = pass, .object = number};
  image_imports(image, patch, &patching);
  slots_seal(&patching.unsealed);
  note_marks(&patching, pass->hook);
  __atomic_store_n(&object->hooks, patching.hooks, __ATOMIC_RELAXED);
}

/*
 * dl_iterate_phdr shows objects before they are relocated. What is then written may be written over,
 * or meets a page that the loader seals at that very moment, which is the end of the process. Pages
 * that the loader is to seal and has not sealed tell such an object. Others make pages writable for
 * good, though: an object that was met so before the wait for the loader, and is there still, is
 * loaded. So is any that has a thunk to take out.
 */
static bool is_loading(struct pass *pass, const struct image *image, uint32_t number) {
  if (!pass->hook) return false;
  bool unsealed = image->relro_begin < image->relro_end && page_writable(image->relro_begin);
  bool waited_for = known[number].unsealed && known[number].unsealed_subs == pass->subs;
  known[number].unsealed = unsealed;
  known[number].unsealed_subs = pass->subs;
  return unsealed && !waited_for;
}

static int visit(struct dl_phdr_info *info, size_t size, void *argument) {
  (void)size;
  struct pass *pass = argument;
  bool first = !pass->adds;
  pass->adds = info->dlpi_adds;
  pass->subs = info->dlpi_subs;
  struct image image;
  image_read(&image, info);
  if (image.build_id_length > sizeof(((struct object *)0)->build_id)) image.build_id_length = 0;
  const char *path = first && !*info->dlpi_name ? program : info->dlpi_name;
  uint32_t number = number_of(&image, path, first);
  if (!number) {
    pass->objects_full++;
    return 0;
  }
  known[number].seen = pass->number;
  if (object_flags[number] & OBJECT_UNHOOKED) return 0;
  if (is_loading(pass, &image, number)) pass->loading++;
  else patch_object(pass, &image, number);
  return 0;
}

/* Whether it left out what was being loaded. */
static bool one_pass(void) {
  struct pass pass = {.hook = __atomic_load_n(&hooking, __ATOMIC_SEQ_CST), .number = ++passes};
  dl_iterate_phdr(visit, &pass);
  int64_t time = now();
  for (uint32_t i = FETCHED + 1; i < region->object_count; i++) {
    struct object *object = region_objects() + i;
    if (known[i].seen != pass.number && !object->unloaded) {
      __atomic_store_n(&object->hooks, 0, __ATOMIC_RELAXED);
      __atomic_store_n(&object->unloaded, time, __ATOMIC_RELAXED);
    }
  }
  /* How many there are now, not how often they were met. */
  __atomic_store_n(&region->interposed, pass.interposed, __ATOMIC_RELAXED);
  __atomic_store_n(&region->objects_full, pass.objects_full, __ATOMIC_RELAXED);
  __atomic_store_n(&scanned_adds, pass.adds, __ATOMIC_RELAXED);
  __atomic_store_n(&scanned_subs, pass.subs, __ATOMIC_RELAXED);
  return pass.loading;
}

static void passes_until_loaded(void) {
  for (int tries = 0; one_pass(); tries++) {
    if (tries == MOST_WAITS) {
      /* Somebody loads all the time. The next dlsym goes on. */
      __atomic_store_n(&scanned_adds, 0, __ATOMIC_RELAXED);
      return;
    }
    /* Waits, since objects are loaded under this lock (glibc, dlfcn/dlsym.c, elf/dl-open.c). */
    dlsym(RTLD_DEFAULT, "dlsym");
  }
}

/*
 * Does not wait for long unless told to: a caller may hold the loader's lock that the other one
 * waits for. Whoever is at it goes round again for who gave up.
 */
static void scan(bool wait) {
  for (int tries = 0;; tries++) {
    int none = 0;
    if (__atomic_compare_exchange_n(&scanning, &none, 1, false, __ATOMIC_ACQUIRE,
                                    __ATOMIC_RELAXED))
      break;
    if (!wait && tries >= 1000 &&
        (none == 2 || __atomic_compare_exchange_n(&scanning, &none, 2, false, __ATOMIC_RELAXED,
                                                  __ATOMIC_RELAXED)))
      return;
    sched_yield();
  }
  int one;
  do {
    one = 1;
    __atomic_store_n(&scanning, 1, __ATOMIC_RELAXED);
    passes_until_loaded();
  } while (!__atomic_compare_exchange_n(&scanning, &one, 0, false, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED));
}

void objects_hook(bool on) {
  __atomic_store_n(&hooking, on, __ATOMIC_SEQ_CST);
  scan(true);
}

void objects_scan(void) { scan(false); }

static int look(struct dl_phdr_info *info, size_t size, void *argument) {
  (void)size;
  bool *changed = argument;
  *changed = info->dlpi_adds != __atomic_load_n(&scanned_adds, __ATOMIC_RELAXED) ||
             info->dlpi_subs != __atomic_load_n(&scanned_subs, __ATOMIC_RELAXED);
  return 1; /* the counters are the same in all */
}

void objects_scan_if_changed(void) {
  bool changed = false;
  dl_iterate_phdr(look, &changed);
  if (changed) objects_scan();
}

void *objects_fetched(uint32_t object, enum call call) {
  void *thunks = known[known[object].fetches ? FETCHED : object].thunks;
  return thunks ? thunk_of(thunks, call) : NULL;
}

bool objects_has_rpath(uint32_t object) { return known[object].has_rpath; }

/* ---- before the first pass ---- */

static int find_libc(struct dl_phdr_info *info, size_t size, void *argument) {
  (void)size;
  (void)argument;
  struct image image;
  image_read(&image, info);
  uintptr_t here = (uintptr_t)&find_libc;
  if (here >= image.begin && here < image.end) tracer = (struct range){image.begin, image.end};
  if (is_libc(image.soname) && libc_length < LIBC_PARTS)
    libc_parts[libc_length++] = (struct range){image.begin, image.end};
  return 0;
}

int objects_prepare(const char *java_home, const char *const *own, unsigned own_length) {
  if (!homes[0]) {
    homes[0] = strdup(java_home);
    homes[1] = realpath(java_home, NULL);
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length < 0) program[0] = 0;
    own_paths = calloc(own_length ? own_length : 1, sizeof *own_paths);
    if (!homes[0] || !own_paths) return ENOMEM;
    for (unsigned i = 0; i < own_length; i++)
      if ((own_paths[own_paths_length] = strdup(own[i]))) own_paths_length++;
    dl_iterate_phdr(find_libc, NULL);
  }
  if (known[FETCHED].thunks) return 0;
  if (!(known[FETCHED].thunks = thunks_create(FETCHED))) return errno;
  struct object *fetched = region_objects() + FETCHED;
  fetched->loaded = now();
  fetched->flags = object_flags[FETCHED] = OBJECT_FETCHED;
  region->object_count = FETCHED + 1;
  return 0;
}
