/* A library whose loading takes as long as whoever loads it wants. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>

extern int slow_loads, slow_may_end;

static int answers(void) { return 42; }

/* The loader asks for the function when all else in the library is relocated, before it is sealed. */
static int (*resolve(void))(void) {
  __atomic_store_n(&slow_loads, 1, __ATOMIC_SEQ_CST);
  while (!__atomic_load_n(&slow_may_end, __ATOMIC_SEQ_CST)) continue; /* nothing can be called yet */
  return answers;
}

static int slow(void) __attribute__((ifunc("resolve")));

static int (*volatile pointer)(const char *, int, ...) = open;
static int (*volatile closes)(int) = close;

int opens_pointer(void) { return pointer("/dev/null", O_RDONLY); }
int closes_table(int number) { return closes(number); }
int answers_slowly(void) { return slow(); }
