/*
 * A thunk says who calls. The return address would not do: "return open(..)" is a jump, and leaves
 * that of the caller's caller.
 *
 * It puts the object's number into the sixth integer argument register, which none of the hooked
 * functions uses, and jumps on. syscall() alone has seven arguments: on x86-64 the number goes to
 * a register for stub_syscall, on aarch64 into the eighth.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tracer.h"

#define THUNK_BYTES 32u

#if defined(__x86_64__)

static void write_thunk(unsigned char *at, enum call call, uint32_t object) {
  static const unsigned char begin[] = {0xf3, 0x0f, 0x1e, 0xfa}; /* endbr64 */
  static const unsigned char number[] = {0x41, 0xb9};            /* mov $object, %r9d */
  static const unsigned char number_of_syscall[] = {0x41, 0xbb}; /* mov $object, %r11d */
  static const unsigned char jump[] = {0xff, 0x25, 0, 0, 0, 0};  /* jmp *0(%rip) */
  const void *hook = call_hooks[call];
  memcpy(at, begin, 4);
  memcpy(at + 4, call == CALL_syscall ? number_of_syscall : number, 2);
  memcpy(at + 6, &object, 4);
  memcpy(at + 10, jump, 6);
  memcpy(at + 16, &hook, 8);
}

#elif defined(__aarch64__)

static void write_thunk(unsigned char *at, enum call call, uint32_t object) {
  uint32_t argument = call == CALL_syscall ? 7 : 5;
  const uint32_t code[] = {
      0xd503245f,                                       /* bti c */
      0x52800000 | (object & 0xffff) << 5 | argument,   /* movz wN, #low */
      0x72a00000 | (object >> 16) << 5 | argument,      /* movk wN, #high, lsl #16 */
      0x58000070,                                       /* ldr x16, 24 */
      0xd61f0200,                                       /* br x16 */
      0xd503201f,                                       /* nop */
  };
  const void *hook = call_hooks[call];
  memcpy(at, code, sizeof code);
  memcpy(at + sizeof code, &hook, 8);
}

#else
#error "no thunks for this processor"
#endif

/* Not at the page's begin: code built to check function pointers (clang) reads what is before them. */
void *thunk_of(const void *thunks, enum call call) {
  return (char *)(uintptr_t)thunks + ((size_t)call + 1) * THUNK_BYTES;
}

void *thunks_create(uint32_t object) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t bytes = ((CALL_COUNT + 1) * THUNK_BYTES + page - 1) & ~(page - 1);
  void *thunks = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (thunks == MAP_FAILED) return NULL;
  for (int call = 0; call < CALL_COUNT; call++)
    write_thunk(thunk_of(thunks, (enum call)call), (enum call)call, object);
  if (mprotect(thunks, bytes, PROT_READ | PROT_EXEC)) {
    int error = errno;
    munmap(thunks, bytes);
    errno = error;
    return NULL;
  }
  __builtin___clear_cache((char *)thunks, (char *)thunks + bytes);
  return thunks;
}
