#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>

#include "tracer.h"

const char *const call_names[CALL_COUNT] = {
#define CALL(name) #name,
    CALLS(CALL)
#undef CALL
};

void *call_real[CALL_COUNT];
void *descry_real_dlsym;
void *descry_real_dlopen;
void *descry_real_vfork;

/* Names that make a child in the same memory: no calls of ours, but asked for alike. */
static const char *const clones[] = {"clone", "__clone"};
#define CLONES (sizeof clones / sizeof *clones)

/* Open addressing; twice as large as it must be. */
#define PLACES 256u
static struct {
  const char *name;
  int call;
} places[PLACES];

_Static_assert(CALL_COUNT + CLONES <= PLACES / 2, "places");

static uint32_t hash(const char *name) {
  uint32_t value = 5381;
  for (; *name; name++) value = value * 33 + (unsigned char)*name;
  return value ^ value >> 8;
}

static void place(const char *name, int call) {
  uint32_t at = hash(name) % PLACES;
  while (places[at].name) at = (at + 1) % PLACES;
  places[at].name = name;
  places[at].call = call;
}

int call_find(const char *name) {
  for (uint32_t at = hash(name) % PLACES; places[at].name; at = (at + 1) % PLACES)
    if (!strcmp(places[at].name, name)) return places[at].call;
  return -1;
}

/* Before glibc 2.34 these were libraries of their own, which only some programs load. */
static void *elsewhere(const char *name) {
  static const char *const libraries[] = {"librt.so.1", "libutil.so.1"};
  if (dlsym(RTLD_DEFAULT, "_dl_find_object")) return NULL; /* 2.35 or later: nothing elsewhere */
  for (unsigned i = 0; i < sizeof libraries / sizeof *libraries; i++) {
    void *library = dlopen(libraries[i], RTLD_LAZY);
    void *found = library ? dlsym(library, name) : NULL;
    if (found) return found;
  }
  return NULL;
}

void calls_resolve(void) {
  if (descry_real_dlsym) return;
  for (int call = 0; call < CALL_COUNT; call++) {
    void *found = dlsym(RTLD_DEFAULT, call_names[call]);
    call_real[call] = found ? found : elsewhere(call_names[call]);
    place(call_names[call], call);
  }
  for (unsigned i = 0; i < CLONES; i++) place(clones[i], CALL_CLONES);
  descry_real_dlopen = call_real[CALL_dlopen];
  descry_real_dlsym = call_real[CALL_dlsym];
  descry_real_vfork = call_real[CALL_vfork];
  dlerror(); /* names that were not found are no error of the application */
}
