#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tracer.h"

/*
 * Found without writing anything else than what is there: the kernel adds 0 to it (futex(2),
 * FUTEX_WAKE_OP), and says EFAULT when it cannot.
 */
bool page_writable(uintptr_t address) {
  uint32_t unused = 0;
  long done = syscall(SYS_futex, &unused, FUTEX_WAKE_OP | FUTEX_PRIVATE_FLAG, 0, NULL,
                      address & ~(uintptr_t)3, FUTEX_OP(FUTEX_OP_ADD, 0, FUTEX_OP_CMP_EQ, 0));
  return done >= 0 || errno != EFAULT;
}

void slots_seal(struct unsealed *unsealed) {
  if (unsealed->begin != unsealed->end)
    mprotect((void *)unsealed->begin, unsealed->end - unsealed->begin, PROT_READ);
  unsealed->begin = unsealed->end = 0;
}

/* By single pages: what somebody else left writable next to it is not to be sealed with it. */
static bool unseal(struct unsealed *unsealed, uintptr_t address) {
  if (address >= unsealed->begin && address < unsealed->end) return true;
  if (page_writable(address)) return true;
  slots_seal(unsealed);
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  uintptr_t begin = address & ~(page - 1);
  if (mprotect((void *)begin, page, PROT_READ | PROT_WRITE)) return false;
  unsealed->begin = begin;
  unsealed->end = begin + page;
  return true;
}

bool slot_write(struct unsealed *unsealed, uintptr_t *slot, uintptr_t value) {
  if (!unseal(unsealed, (uintptr_t)slot)) return false;
  __atomic_store_n(slot, value, __ATOMIC_RELEASE);
  return true;
}
