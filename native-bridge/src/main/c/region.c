#define _GNU_SOURCE
#include <errno.h>
#include <sys/mman.h>
#include <time.h>

#include "tracer.h"

/* A million numbers is what Linux allows a process unless root raised fs.nr_open. */
const struct region_sizes region_default_sizes = {
    .slots = 1u << 20, .stacks = 1u << 16, .words = 1u << 21, .objects = OBJECT_CAPACITY,
    .errors = 1u << 12, .failed_closes = 1u << 6};

struct region_header *region;
size_t region_bytes;

static size_t part(size_t *end, size_t bytes) {
  size_t begin = *end;
  *end = (begin + bytes + 4095) & ~(size_t)4095;
  return begin;
}

int region_prepare(const struct region_sizes *sizes) {
  if (region) {
    /* What was opened and closed while the tracer was off is not known. */
    if (madvise(region_slots(), (size_t)region->slot_count * sizeof(struct slot), MADV_DONTNEED))
      return errno;
    return 0;
  }
  struct region_header header = {
      .magic = REGION_MAGIC, .version = REGION_VERSION,
      .slot_count = sizes->slots, .slot_size = sizeof(struct slot),
      .stack_count = sizes->stacks, .stack_size = sizeof(struct stack),
      .word_count = sizes->words,
      .object_capacity = sizes->objects, .object_count = FETCHED,
      .object_size = sizeof(struct object),
      .error_count = sizes->errors, .error_size = sizeof(struct error),
      .failed_close_count = sizes->failed_closes,
      .failed_close_size = sizeof(struct failed_close),
      .generations = 1};
  size_t end = 0;
  part(&end, sizeof header);
  header.slots = part(&end, (size_t)sizes->slots * sizeof(struct slot));
  header.stacks = part(&end, (size_t)sizes->stacks * sizeof(struct stack));
  header.words = part(&end, sizes->words * sizeof(uint64_t));
  header.objects = part(&end, (size_t)sizes->objects * sizeof(struct object));
  header.errors = part(&end, (size_t)sizes->errors * sizeof(struct error));
  header.failed_closes = part(&end, (size_t)sizes->failed_closes * sizeof(struct failed_close));
  void *memory = mmap(NULL, end, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return errno;
  madvise(memory, end, MADV_NOHUGEPAGE); /* a slot here and there is to cost no 2 MB */
  region = memory;
  region_bytes = end;
  *region = header;
  return 0;
}

static void *at(uint64_t offset) { return (char *)region + offset; }

struct slot *region_slots(void) { return at(region->slots); }
struct stack *region_stacks(void) { return at(region->stacks); }
uint64_t *region_words(void) { return at(region->words); }
struct object *region_objects(void) { return at(region->objects); }
struct error *region_errors(void) { return at(region->errors); }
struct failed_close *region_failed_closes(void) { return at(region->failed_closes); }

void count(uint64_t *counter) { __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED); }

int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}
