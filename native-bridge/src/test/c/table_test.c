/* The table by itself: writers against readers, and what happens when it is full. */
#define _GNU_SOURCE
#include "check.h"

#include <pthread.h>

#define NUMBERS 16
#define ROUNDS 100000
#define FAILED_CLOSES 4

static bool stop;

/* All fields of one record are made of one number, so that a torn copy shows. */
static void *write_slots(void *argument) {
  uint32_t seed = (uint32_t)(uintptr_t)argument;
  for (uint32_t i = 1; i < ROUNDS; i++) {
    uint32_t value = seed * ROUNDS + i;
    struct use use = {.call = (uint16_t)(value % CALL_COUNT), .object = value, .tid = value,
                      .time = value, .native_stack = value, .java_stack = value,
                      .device = value, .inode = value, .source = (int32_t)value,
                      .thread = {value, value}};
    table_opened((int)(value % NUMBERS), &use);
    if (i % 2) table_closed((int)(value % NUMBERS), 1, value, value, value);
    table_failed((uint16_t)(i % 3), seed, 1 + (int)(i % 5), value);
    struct failed_close failed = {.number = (int32_t)value, .time = value, .object = value,
                                  .tid = value, .native_stack = value,
                                  .before = {.generation = value, .closed = value}};
    if (i % 4 == 0) table_close_failed(&failed);
  }
  return NULL;
}

static void *read_slots(void *unused) {
  (void)unused;
  while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
    for (int number = 0; number < NUMBERS; number++) {
      struct slot slot = slot_at(number);
      uint32_t value = slot.object;
      uint64_t thread[2];
      memcpy(thread, slot.thread, sizeof thread);
      CHECK(slot.tid == value && slot.opened == value && slot.native_stack == value, "%u", value);
      CHECK(slot.java_stack == value && slot.device == value && slot.inode == value, "%u", value);
      CHECK((uint32_t)slot.source == value && thread[0] == value && thread[1] == value, "torn");
      CHECK(!value || slot.call == value % CALL_COUNT, "%u", value);
      CHECK(slot.state != SLOT_OPEN || !slot.closed, "open and closed");
      CHECK(slot.state != SLOT_CLOSED || slot.closed == slot.close_object, "closed");
      CHECK(slot.last_closed == slot.last_close_object, "the close before");
    }
  return NULL;
}

static void *read_failed_closes(void *unused) {
  (void)unused;
  unsigned whole = 0;
  while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
    for (unsigned i = 0; i < FAILED_CLOSES; i++) {
      struct failed_close failed;
      if (!failed_close_at(i, &failed) || !failed.ticket) continue;
      uint64_t value = failed.object;
      CHECK((uint64_t)failed.time == value && failed.tid == value, "%lu", (unsigned long)value);
      CHECK(failed.native_stack == value && failed.before.generation == value, "torn");
      CHECK((uint32_t)failed.number == value && (uint64_t)failed.before.closed == value, "torn");
      CHECK(failed.ticket % FAILED_CLOSES == i, "%lu", (unsigned long)failed.ticket);
      whole++;
    }
  CHECK(whole > 0, "none was read");
  return NULL;
}

static void *intern(void *argument) {
  uint32_t *numbers = argument;
  for (uint64_t i = 0; i < 500; i++) {
    uint64_t words[3] = {i, i * i, 7};
    numbers[i] = stacks_intern(STACK_NATIVE, words, 3, false);
  }
  return NULL;
}

int main(void) {
  struct region_sizes sizes = {.slots = NUMBERS, .stacks = 1024, .words = 8192, .objects = 8,
                               .errors = 32, .failed_closes = FAILED_CLOSES};
  CHECK(region_prepare(&sizes) == 0, "no memory");
  pthread_t threads[7];
  for (uintptr_t i = 0; i < 4; i++) pthread_create(threads + i, NULL, write_slots, (void *)i);
  for (int i = 4; i < 6; i++) pthread_create(threads + i, NULL, read_slots, NULL);
  pthread_create(threads + 6, NULL, read_failed_closes, NULL);
  for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
  __atomic_store_n(&stop, true, __ATOMIC_RELAXED);
  for (int i = 4; i < 7; i++) pthread_join(threads[i], NULL);
  CHECK(region->closes_failed == 4 * ((ROUNDS - 1) / 4), "each has a ticket");
  uint64_t failed = 0;
  for (int call = 0; call < 3; call++)
    for (int number = 1; number < 6; number++) failed += failures(call, number);
  CHECK(failed + region->errors_full == 4 * (ROUNDS - 1), "%lu", (unsigned long)failed);
  CHECK(region->errors_full > 0, "60 kinds have no room in 32 places");

  /* Equal stacks are one, whoever comes first. */
  static uint32_t numbers[4][500];
  for (int i = 0; i < 4; i++) pthread_create(threads + i, NULL, intern, numbers[i]);
  for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
  for (int i = 0; i < 500; i++) {
    const struct stack *stack = region_stacks() + numbers[0][i];
    CHECK(numbers[0][i] && stack->ready && stack->frames == 3, "%d", i);
    CHECK(region_words()[stack->first + 1] == (uint64_t)i * (uint64_t)i, "%d", i);
    for (int j = 1; j < 4; j++) CHECK(numbers[j][i] == numbers[0][i], "%d", i);
  }
  CHECK(!region->stacks_full, "there was room");
  for (uint64_t i = 1000; i < 3000; i++) {
    uint64_t words[3] = {i, i, i};
    uint32_t number = stacks_intern(STACK_NATIVE, words, 3, false);
    CHECK(!number || region_stacks()[number].ready, "%u", number);
  }
  CHECK(region->stacks_full > 0 && region->words_used <= region->word_count, "full");
  uint64_t again[3] = {5, 25, 7};
  CHECK(stacks_intern(STACK_NATIVE, again, 3, false) == numbers[0][5], "known stacks still are");
  CHECK(stacks_intern(STACK_NATIVE, again, 3, true) != numbers[0][5], "a cut one is another");

  uint64_t beyond = region->beyond;
  struct use use = {.call = 1};
  table_opened(NUMBERS, &use);
  struct ended ended = table_closed(1 << 30, 1, 1, 1, 1);
  CHECK(!ended.now && !ended.before && region->beyond == beyond + 2, "beyond");

  /* A writer that never comes back. */
  uint64_t lost = region->lost;
  region_slots()[3].sequence |= 1;
  table_opened(3, &use);
  CHECK(region->lost == lost + 1 && region_slots()[3].doubtful, "doubtful");
  region_slots()[3].sequence++;
  table_opened(3, &use);
  CHECK(!region_slots()[3].doubtful && region_slots()[3].state == SLOT_OPEN, "until the next");
  uint64_t generation = region_slots()[3].generation;
  ended = table_closed(3, 1, 1, 1, 1);
  CHECK(ended.now == generation && !ended.before, "%lu", (unsigned long)ended.now);
  ended = table_closed(3, 1, 2, 1, 1);
  CHECK(!ended.now && ended.before == generation, "%lu", (unsigned long)ended.before);

  /* Who closed it is kept beside the next use, unless that proves to be wrong. */
  table_opened(3, &use);
  CHECK(region_slots()[3].last_generation == generation, "known");
  CHECK(region_slots()[3].last_closed == 1 && region_slots()[3].last_close_object == 1, "by whom");
  table_doubt_close(3, generation);
  CHECK(!region_slots()[3].last_generation && !region_slots()[3].doubtful, "learnt late");
  generation = region_slots()[3].generation;
  table_opened(3, &use);
  CHECK(!region_slots()[3].last_generation, "not closed as far as was seen");
  generation = region_slots()[3].generation;
  table_closed(3, 1, 1, 1, 1);
  table_opened(3, &use);
  table_not_closed(3, generation);
  CHECK(!region_slots()[3].last_generation, "it was not closed");
  CHECK(region_slots()[3].state == SLOT_OPEN, "and another is open");
  return 0;
}
