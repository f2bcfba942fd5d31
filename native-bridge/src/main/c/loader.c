/*
 * dlsym and dlopen: functions that are fetched by name, and objects that come later. Both act by the
 * address of who called them, so that all that is not answered here is left to a jump.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>

#include "tracer.h"

static const struct answer not_answered = {NULL, 0};

struct answer answer_dlsym(void *handle, const char *name, uint32_t object) {
  if (!name || !process_records(object)) return not_answered;
  objects_scan_if_changed();
  /* What comes after the caller, a wrapper asks for. */
  if (handle == RTLD_NEXT) return not_answered;
  int call = call_find(name);
  if (call < 0 || call >= CALL_COUNT) return not_answered;
  void *found = ((void *(*)(void *, const char *))descry_real_dlsym)(handle, name);
  if (!found || found != call_real[call]) return not_answered;
  void *thunk = objects_fetched(object, (enum call)call);
  return thunk ? (struct answer){thunk, 1} : not_answered;
}

struct answer answer_dlopen(const char *file, int mode, uint32_t object) {
  /*
   * A bare name is looked for along the caller's own path, dependencies along its DT_RPATH, and
   * $ORIGIN is the caller's (dlopen(3), ld.so(8)). The next dlsym finds what these loaded.
   */
  if (!file || !strchr(file, '/') || strchr(file, '$')) return not_answered;
  if (objects_has_rpath(object)) return not_answered;
  if (!process_records(object)) return not_answered;
  void *opened = ((void *(*)(const char *, int))descry_real_dlopen)(file, mode);
  /* Always: another thread may have seen the object while it was not yet linked. */
  if (opened) objects_scan();
  return (struct answer){opened, 1};
}
