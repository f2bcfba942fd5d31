/* Stacks: whose they are, equal ones once; how many of them, and of identities, the budget allows. */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <unistd.h>

static unsigned walks;

static unsigned walk(uint64_t words[2 * JAVA_FRAMES], bool *cut) {
  words[0] = 17;
  words[1] = 4;
  *cut = false;
  walks++;
  return 1;
}

__attribute__((noinline)) static int open_here(void) {
  int number = open("/dev/null", O_RDONLY);
  __asm__ volatile("" : "+r"(number)); /* no jump: this frame is to be seen */
  return number;
}

static int open_and_close(void) {
  int number = open_here();
  close(number);
  return number;
}

/* Once a close was missed, an identity tells whether the next one is. */
static void unseen_closes(void) {
  int number = open_here();
  CHECK(!region->closes_unseen, "so far all were seen");
  ((real_function *)call_real[CALL_close])(number);
  CHECK(open_here() == number && region->closes_unseen == 1, "seen by the next open");
  close(number);
  for (int i = 0; i < 1000; i++)
    CHECK(slot_at(open_and_close()).inode, "an identity at any cost");
  CHECK(region->closes_unseen == 1, "not twice");
  int poll = epoll_create1(0);
  CHECK(slot_at(poll).state == SLOT_OPEN && !slot_at(poll).inode, "not what they all have");
  close(poll);
}

static void start(enum stacks_mode stacks) {
  struct tracer_options options = {.java_home = "/nowhere", .budget_share = 0.01,
                                   .stacks = stacks, .java = walk};
  CHECK(!tracer_start(&options), "start");
}

int main(void) {
  start(STACKS_ALL);
  CHECK(tracer_start(&(struct tracer_options){0}), "it runs already");
  CHECK(!stacks_reason(), "%s", stacks_reason());
  prctl(PR_SET_NAME, "opener");
  uint32_t first = 0;
  for (int i = 0; i < 1000; i++) {
    int number = open_here();
    struct slot slot = slot_at(number);
    const struct stack *stack = region_stacks() + slot.native_stack;
    CHECK(slot.native_stack && slot.java_stack && !strcmp(slot.thread, "opener"), "no stack");
    CHECK(stack->ready && stack->kind == STACK_NATIVE && stack->frames >= 2, "%u", stack->frames);
    uint64_t at = region_words()[stack->first];
    CHECK(at > (uintptr_t)open_here && at < (uintptr_t)open_here + 200, "begins at the caller");
    const struct stack *java = region_stacks() + slot.java_stack;
    CHECK(java->kind == STACK_JAVA && java->frames == 1, "%u", java->frames);
    CHECK(region_words()[java->first] == 17 && region_words()[java->first + 1] == 4, "Java");
    CHECK(!first || first == slot.native_stack, "equal stacks are one");
    first = slot.native_stack;
    close(number);
  }
  CHECK(!region->stacks_skipped && walks == 1000, "%u", walks);
  tracer_stop();

  start(STACKS_BUDGET);
  int taken = 0, identified = 0, all = 200000;
  int64_t begun = now();
  for (int i = 0; i < all; i++) {
    int number = open_here();
    bool stack = slot_at(number).native_stack != 0, inode = slot_at(number).inode != 0;
    CHECK(stack == inode, "stack %d, inode %d", stack, inode);
    taken += stack;
    identified += inode;
    close(number);
  }
  int64_t took = now() - begun;
  CHECK(taken > 0 && (uint64_t)taken + region->stacks_skipped == (uint64_t)all, "%d", taken);
  CHECK(identified < all, "%d", identified);
  printf("  %d of %d stacks in %ld ms\n", taken, all, (long)(took / 1000000));
  tracer_stop();

  start(STACKS_NONE);
  for (int i = 0; slot_at(open_and_close()).inode; i++) CHECK(i < all * 10, "no end of identities");
  unseen_closes();
  int number = open_here();
  CHECK(slot_at(number).state == SLOT_OPEN && !slot_at(number).native_stack, "none");
  CHECK(!slot_at(number).thread[0], "no name");
  return 0;
}
