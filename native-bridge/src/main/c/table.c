/*
 * Slots are written under a sequence that is odd meanwhile. The writer cannot wait for long for
 * another one, which may be the very thread that a signal handler interrupted.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <string.h>

#include "tracer.h"

#define TRIES 512
#define TRIES_NESTED 16

#define SET(field, value) __atomic_store_n(&(field), (value), __ATOMIC_RELAXED)
#define GET(field) __atomic_load_n(&(field), __ATOMIC_RELAXED)

/* ThreadSanitizer knows no fences; it watches atomics, which all fields of a slot are. */
#if defined(__SANITIZE_THREAD__)
#define FENCE() ((void)0)
#define ACQUIRE_FENCE() ((void)0)
#else
#define FENCE() __atomic_thread_fence(__ATOMIC_RELEASE)
#define ACQUIRE_FENCE() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#endif

static int highest = -1;

static void raise_highest(int number) {
  int seen = GET(highest);
  while (number > seen && !__atomic_compare_exchange_n(&highest, &seen, number, true,
                                                       __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
  }
}

int table_highest(void) { return GET(highest); }

static struct slot *slot_of(int number) {
  if ((uint32_t)number < region->slot_count) return region_slots() + number;
  count(&region->beyond);
  return NULL;
}

static bool begin(struct slot *slot, uint32_t *sequence) {
  int tries = *process_depth() > 1 ? TRIES_NESTED : TRIES;
  for (int i = 0; i < tries; i++) {
    uint32_t seen = GET(slot->sequence);
    if (!(seen & 1) && __atomic_compare_exchange_n(&slot->sequence, &seen, seen + 1, false,
                                                   __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
      FENCE(); /* odd before anything else changes */
      *sequence = seen;
      return true;
    }
    if (i % 64 == 63) sched_yield();
  }
  SET(slot->doubtful, 1);
  count(&region->lost);
  return false;
}

static void end(struct slot *slot, uint32_t sequence) {
  __atomic_store_n(&slot->sequence, sequence + 2, __ATOMIC_RELEASE);
}

/* What the next use will hide: who closed this one. */
static void keep_last(struct slot *slot) {
  bool known = GET(slot->state) == SLOT_CLOSED && !GET(slot->doubtful);
  SET(slot->last_generation, known ? GET(slot->generation) : 0);
  SET(slot->last_closed, GET(slot->closed));
  SET(slot->last_close_object, GET(slot->close_object));
  SET(slot->last_close_tid, GET(slot->close_tid));
  SET(slot->last_close_call, GET(slot->close_call));
}

void table_opened(int number, const struct use *use) {
  struct slot *slot = slot_of(number);
  if (!slot) return;
  raise_highest(number);
  uint64_t generation = __atomic_fetch_add(&region->generations, 1, __ATOMIC_RELAXED);
  uint32_t sequence;
  if (!begin(slot, &sequence)) return;
  if (GET(slot->state) == SLOT_OPEN) count(&region->closes_unseen);
  keep_last(slot);
  SET(slot->state, SLOT_OPEN);
  SET(slot->doubtful, 0);
  SET(slot->call, use->call);
  SET(slot->generation, generation);
  SET(slot->opened, use->time);
  SET(slot->object, use->object);
  SET(slot->tid, use->tid);
  SET(slot->native_stack, use->native_stack);
  SET(slot->java_stack, use->java_stack);
  SET(slot->device, use->device);
  SET(slot->inode, use->inode);
  uint64_t *thread = (uint64_t *)(void *)slot->thread;
  SET(thread[0], use->thread[0]);
  SET(thread[1], use->thread[1]);
  SET(slot->closed, 0);
  SET(slot->close_object, 0);
  SET(slot->close_tid, 0);
  SET(slot->close_call, 0);
  SET(slot->source, use->source);
  end(slot, sequence);
}

struct ended table_closed(int number, uint16_t call, uint32_t object, uint32_t tid, int64_t time) {
  struct ended ended = {0, 0};
  if (number < 0) return ended;
  struct slot *slot = slot_of(number);
  if (!slot) return ended;
  if (GET(slot->state) == SLOT_CLOSED) {
    /* A second close in a row closes nothing, and must not hide who closed it first. */
    ended.before = GET(slot->generation);
    return ended;
  }
  uint32_t sequence;
  if (!begin(slot, &sequence)) return ended;
  if (GET(slot->state) == SLOT_OPEN) ended.now = GET(slot->generation);
  SET(slot->state, SLOT_CLOSED);
  SET(slot->closed, time);
  SET(slot->close_object, object);
  SET(slot->close_tid, tid);
  SET(slot->close_call, call);
  end(slot, sequence);
  return ended;
}

/* Opened again meanwhile: the close that proved to be none, or doubtful, is not to be told of. */
static void forget_last(struct slot *slot, uint64_t generation) {
  if (GET(slot->last_generation) == generation) SET(slot->last_generation, 0);
}

void table_not_closed(int number, uint64_t generation) {
  if (!generation) return;
  struct slot *slot = slot_of(number);
  uint32_t sequence;
  if (!slot || !begin(slot, &sequence)) return;
  if (GET(slot->state) == SLOT_CLOSED && GET(slot->generation) == generation) {
    SET(slot->state, SLOT_OPEN);
    SET(slot->closed, 0);
    SET(slot->close_object, 0);
    SET(slot->close_tid, 0);
    SET(slot->close_call, 0);
  }
  forget_last(slot, generation);
  end(slot, sequence);
}

void table_doubt_close(int number, uint64_t generation) {
  struct slot *slot = slot_of(number);
  uint32_t sequence;
  if (!slot || !begin(slot, &sequence)) return;
  if (GET(slot->state) == SLOT_CLOSED && GET(slot->generation) == generation)
    SET(slot->doubtful, 1);
  forget_last(slot, generation);
  end(slot, sequence);
}

typedef uint64_t __attribute__((may_alias)) word;

/* Both are records of whole words. */
static void copy_words(void *to, const void *from, size_t bytes) {
  word *target = to;
  const word *source = from;
  for (size_t i = 0; i < bytes / sizeof *target; i++) SET(target[i], GET(source[i]));
}

bool table_read(int number, struct slot *copy) {
  struct slot *slot = slot_of(number);
  for (int i = 0; slot && i < TRIES_NESTED; i++) {
    uint32_t seen = __atomic_load_n(&slot->sequence, __ATOMIC_ACQUIRE);
    if (seen & 1) continue;
    copy_words(copy, slot, sizeof *copy);
    ACQUIRE_FENCE();
    if (GET(slot->sequence) == seen) return true;
  }
  return false;
}

void table_close_failed(struct failed_close *failed) {
  failed->ticket = __atomic_add_fetch(&region->closes_failed, 1, __ATOMIC_RELAXED);
  struct failed_close *place =
      region_failed_closes() + (failed->ticket & (region->failed_close_count - 1));
  uint32_t seen = GET(place->sequence);
  if ((seen & 1) || !__atomic_compare_exchange_n(&place->sequence, &seen, seen + 1, false,
                                                 __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
    return;
  FENCE();
  SET(place->number, failed->number);
  copy_words(&place->ticket, &failed->ticket,
             sizeof *failed - offsetof(struct failed_close, ticket));
  __atomic_store_n(&place->sequence, seen + 2, __ATOMIC_RELEASE);
}

bool table_is_open(int number) {
  return (uint32_t)number < region->slot_count && GET(region_slots()[number].state) == SLOT_OPEN;
}

#define PROBES 32u

void table_failed(uint16_t call, uint32_t object, int number, int64_t time) {
  struct {
    uint32_t object;
    uint16_t call, number;
  } parts = {object, call, (uint16_t)number};
  uint64_t key;
  memcpy(&key, &parts, sizeof key);
  uint64_t hash = key * UINT64_C(0x9e3779b97f4a7c15);
  for (uint32_t i = 0; i < PROBES; i++) {
    struct error *error = region_errors() + (((hash >> 32) + i) & (region->error_count - 1));
    uint64_t *place = (uint64_t *)(void *)error;
    uint64_t seen = 0;
    if (GET(*place) == key ||
        __atomic_compare_exchange_n(place, &seen, key, false, __ATOMIC_RELAXED,
                                    __ATOMIC_RELAXED) ||
        seen == key) {
      int64_t none = 0;
      __atomic_compare_exchange_n(&error->first, &none, time, false, __ATOMIC_RELAXED,
                                  __ATOMIC_RELAXED);
      SET(error->last, time);
      __atomic_fetch_add(&error->count, 1, __ATOMIC_RELEASE);
      return;
    }
  }
  count(&region->errors_full);
}
