/* A library that opens: by a call, by a pointer in its data, and by a name that it looks up. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

static int (*const volatile by_table[])(int) = {close};
static int (*volatile pointer)(const char *, int, ...) = open;

int opens_call(void) { return open("/dev/null", O_RDONLY); }
int opens_pointer(void) { return pointer("/dev/null", O_RDONLY); }

int opens_name(void) {
  int (*found)(const char *, int, ...) =
      (int (*)(const char *, int, ...))dlsym(RTLD_DEFAULT, "open");
  return found("/dev/null", O_RDONLY);
}

int closes_call(int number) { return close(number); }
int closes_table(int number) { return by_table[0](number); }
