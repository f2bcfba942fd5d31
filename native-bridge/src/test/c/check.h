/* What the tests share. The library under test is built with its inner functions visible. */
#ifndef DESCRY_CHECK_H
#define DESCRY_CHECK_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../main/c/tracer.h"

#define CHECK(condition, ...)                                             \
  do {                                                                    \
    if (!(condition)) {                                                   \
      fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition);     \
      fprintf(stderr, __VA_ARGS__);                                       \
      fprintf(stderr, " (errno %d)\n", errno);                            \
      abort();                                                            \
    }                                                                     \
  } while (0)

static inline void start_tracer(enum stacks_mode stacks) {
  struct tracer_options options = {.java_home = "/nowhere", .budget_share = 0.01, .stacks = stacks};
  const char *failed = tracer_start(&options);
  CHECK(!failed, "%s", failed ? failed : "");
}

/* A consistent copy of a slot. */
static inline struct slot slot_at(int number) {
  struct slot copy;
  for (;;) {
    struct slot *slot = region_slots() + number;
    uint32_t before = __atomic_load_n(&slot->sequence, __ATOMIC_ACQUIRE);
    const uint64_t *from = (const uint64_t *)(const void *)slot;
    uint64_t words[sizeof copy / 8];
    for (size_t i = 0; i < sizeof copy / 8; i++)
      words[i] = __atomic_load_n(from + i, __ATOMIC_ACQUIRE);
    if (!(before & 1) && __atomic_load_n(&slot->sequence, __ATOMIC_RELAXED) == before) {
      memcpy(&copy, words, sizeof copy);
      return copy;
    }
  }
}

/* A consistent copy of a place of the ring; false while it is being written. */
static inline bool failed_close_at(uint64_t ticket, struct failed_close *copy) {
  struct failed_close *place =
      region_failed_closes() + ticket % region->failed_close_count;
  uint32_t before = __atomic_load_n(&place->sequence, __ATOMIC_ACQUIRE);
  const uint64_t *from = (const uint64_t *)(const void *)place;
  uint64_t words[sizeof *copy / 8];
  for (size_t i = 0; i < sizeof *copy / 8; i++)
    words[i] = __atomic_load_n(from + i, __ATOMIC_ACQUIRE);
  memcpy(copy, words, sizeof *copy);
  return !(before & 1) && __atomic_load_n(&place->sequence, __ATOMIC_RELAXED) == before;
}

static inline const struct object *object_named(const char *part) {
  for (uint32_t i = 2; i < region->object_count; i++)
    if (strstr(region_objects()[i].path, part)) return region_objects() + i;
  CHECK(0, "no object %s", part);
  return NULL;
}

static inline uint64_t failures(int call, int number) {
  uint64_t sum = 0;
  for (uint32_t i = 0; i < region->error_count; i++) {
    const struct error *error = region_errors() + i;
    if (error->count && error->call == call && error->number == number) sum += error->count;
  }
  return sum;
}

#endif
