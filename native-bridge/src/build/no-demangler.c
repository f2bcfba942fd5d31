/* In place of a C++ runtime's, where the machine that builds has none: names stay as they are. */
#include <stddef.h>

char *__cxa_demangle(const char *name, char *buffer, size_t *length, int *status);

char *__cxa_demangle(const char *name, char *buffer, size_t *length, int *status) {
  (void)name;
  (void)buffer;
  (void)length;
  if (status != NULL) {
    *status = -1;
  }
  return NULL;
}
