#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "tracer.h"

static char reason[200];
static bool started;

static const char *because(const char *what, int error) {
  snprintf(reason, sizeof reason, "%s: %s", what, strerror(error));
  return reason;
}

const char *tracer_start(const struct tracer_options *options) {
  if (started) return "it runs already";
  if (!dlsym(RTLD_DEFAULT, "gnu_get_libc_version")) {
    dlerror();
    return "the C library is not glibc";
  }
  int error = region_prepare(options->sizes ? options->sizes : &region_default_sizes);
  if (error) return because("no memory for the table", error);
  if ((error = process_prepare())) return because("no memory for the tracer", error);
  calls_resolve();
  error = objects_prepare(options->java_home, options->own, options->own_length);
  if (error) return because("no memory that may be executed", error);
  budget_prepare(options->stacks == STACKS_ALL, options->budget_share);
  stacks_prepare(options->stacks, options->java);
  process_record(true);
  started = true;
  objects_hook(true);
  return NULL;
}

void tracer_refresh(void) {
  if (started) objects_scan();
}

void tracer_stop(void) {
  if (!started) return;
  process_record(false);
  objects_hook(false);
  started = false;
}
