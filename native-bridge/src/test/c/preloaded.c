/* An interposer: what calls open or close gets here first. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdarg.h>

int preloaded_opens, preloaded_closes;

int open(const char *path, int flags, ...) {
  static int (*next)(const char *, int, ...);
  if (!next) next = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open");
  __atomic_fetch_add(&preloaded_opens, 1, __ATOMIC_RELAXED);
  va_list rest;
  va_start(rest, flags);
  int mode = va_arg(rest, int);
  va_end(rest);
  return next(path, flags, mode);
}

int close(int number) {
  static int (*next)(int);
  if (!next) next = (int (*)(int))dlsym(RTLD_NEXT, "close");
  __atomic_fetch_add(&preloaded_closes, 1, __ATOMIC_RELAXED);
  return next(number);
}
