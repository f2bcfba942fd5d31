/* A library that opens: by a call, by a pointer in its data, and by a name that it looks up. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

/* Over several pages that the loader seals, of which each use is on another. */
#define LAST 6000
static int (*const by_table[LAST + 1])(int) = {close, [LAST / 2] = close, [LAST] = close};
static volatile int first, middle = LAST / 2, last = LAST; /* no compiler knows what is there */
static int (*volatile pointer)(const char *, int, ...) = open;

int opens_call(void) { return open("/dev/null", O_RDONLY); }
int opens_pointer(void) { return pointer("/dev/null", O_RDONLY); }

int opens_name(void) {
  int (*found)(const char *, int, ...) =
      (int (*)(const char *, int, ...))dlsym(RTLD_DEFAULT, "open");
  return found("/dev/null", O_RDONLY);
}

int closes_call(int number) { return close(number); }
int closes_table(int number) { return by_table[first](number); }
int closes_table_middle(int number) { return by_table[middle](number); }
int closes_table_last(int number) { return by_table[last](number); }
