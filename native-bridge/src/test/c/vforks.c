/* A library that makes children in its parent's memory, which open and close in it and beyond it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

/* others_close: as closes_call of opens.c. */
pid_t vforks_call(int number, int (*others_close)(int)) {
  static volatile int own;
  pid_t child = vfork();
  if (!child) {
    own = open("/dev/zero", O_RDONLY);
    if (others_close) {
      others_close(number);
    } else {
      close(number);
      dup2(own, number);
    }
    close(own);
    close(own);
    _exit(0);
  }
  return child;
}

int vforks_opens(void) { return open("/dev/null", O_RDONLY); }
int vforks_closes(int number) { return close(number); }
