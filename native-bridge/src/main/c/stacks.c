#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unwind.h>

#include "tracer.h"

static enum stacks_mode mode;
static java_walker *walk_java;

/* ---- native stacks: by the unwinder that C++ exceptions of this process use ---- */

typedef _Unwind_Reason_Code backtrace_function(_Unwind_Trace_Fn, void *);
typedef uintptr_t get_ip_info_function(struct _Unwind_Context *, int *);

static backtrace_function *backtrace;
static get_ip_info_function *get_ip_info;

/* Beyond this many frames nobody looks for the frame of a signal. */
#define DEEPEST 256u

struct walk {
  uint64_t words[NATIVE_FRAMES];
  unsigned kept, seen;
  bool signal, cut;
};

static _Unwind_Reason_Code step(struct _Unwind_Context *context, void *argument) {
  struct walk *walk = argument;
  int interrupted = 0;
  uintptr_t address = get_ip_info(context, &interrupted);
  if (interrupted) walk->signal = true;
  if (!address || ++walk->seen > DEEPEST) return _URC_END_OF_STACK;
  if (!walk->kept && objects_is_tracer(address)) return _URC_NO_REASON;
  if (walk->kept < NATIVE_FRAMES)
    walk->words[walk->kept++] = address;
  else
    walk->cut = true;
  return _URC_NO_REASON;
}

const char *stacks_reason(void) {
  return backtrace ? NULL : "libgcc_s.so.1, whose unwinder native stacks need, is not installed";
}

void stacks_prepare(enum stacks_mode wanted, java_walker *java) {
  walk_java = java;
  if (!backtrace && wanted != STACKS_NONE) {
    void *library = dlopen("libgcc_s.so.1", RTLD_NOW);
    if (library) {
      get_ip_info_function *info = (get_ip_info_function *)dlsym(library, "_Unwind_GetIPInfo");
      if (info) {
        get_ip_info = info;
        backtrace = (backtrace_function *)dlsym(library, "_Unwind_Backtrace");
      }
    }
    /* The first walk allocates; here it may. */
    struct walk primer = {.kept = 0};
    if (backtrace) backtrace(step, &primer);
  }
  mode = wanted;
}

/* ---- equal stacks are stored once ---- */

#define PROBES 64u

static uint64_t hash_of(enum stack_kind kind, const uint64_t *words, unsigned length, bool cut) {
  uint64_t hash = UINT64_C(0x9e3779b97f4a7c15) * ((uint64_t)length * 4 + kind * 2u + cut);
  for (unsigned i = 0; i < length; i++) {
    hash = (hash ^ words[i]) * UINT64_C(0xff51afd7ed558ccd);
    hash ^= hash >> 32;
  }
  return hash ? hash : 1;
}

/* Places for words, or word_count when there is no room. */
static uint64_t words_for(unsigned length) {
  uint64_t used = __atomic_load_n(&region->words_used, __ATOMIC_RELAXED);
  do {
    if (used + length > region->word_count) return region->word_count;
  } while (!__atomic_compare_exchange_n(&region->words_used, &used, used + length, true,
                                        __ATOMIC_RELAXED, __ATOMIC_RELAXED));
  return used;
}

static void publish(struct stack *stack, uint64_t first, enum stack_kind kind,
                    const uint64_t *words, unsigned frames, unsigned length, bool cut) {
  memcpy(region_words() + first, words, length * sizeof *words);
  stack->first = first;
  stack->frames = frames;
  stack->kind = (uint8_t)kind;
  stack->cut = cut;
  stack->taken = now();
  __atomic_store_n(&stack->ready, 1, __ATOMIC_RELEASE);
}

uint32_t stacks_intern(enum stack_kind kind, const uint64_t *words, unsigned frames, bool cut) {
  unsigned length = kind == STACK_JAVA ? 2 * frames : frames;
  uint64_t hash = hash_of(kind, words, length, cut);
  uint64_t first = region->word_count;
  for (uint32_t i = 0; i < PROBES; i++) {
    uint32_t number = (uint32_t)(hash + i) & (region->stack_count - 1);
    if (!number) continue; /* means none */
    struct stack *stack = region_stacks() + number;
    uint64_t seen = __atomic_load_n(&stack->hash, __ATOMIC_ACQUIRE);
    if (seen == hash) return number;
    if (seen) continue;
    /* Room first: an entry that was claimed and never filled would be found for ever. */
    if (first == region->word_count && (first = words_for(length)) == region->word_count) break;
    if (__atomic_compare_exchange_n(&stack->hash, &seen, hash, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE)) {
      publish(stack, first, kind, words, frames, length, cut);
      return number;
    }
    if (seen == hash) return number;
  }
  count(&region->stacks_full);
  return 0;
}

/* ---- taking them ---- */

/* An alternate stack may have no room for a walk. */
static bool on_signal_stack(void) {
  stack_t stack;
  return sigaltstack(NULL, &stack) == 0 && (stack.ss_flags & SS_ONSTACK);
}

void stacks_take(struct use *use, bool affordable, const void *caller) {
  if (mode == STACKS_NONE) return;
  if (object_flags[use->object] & (OBJECT_JDK | OBJECT_DESCRY)) return;
  if (*process_depth() > 1 || !affordable) {
    count(&region->stacks_skipped);
    return;
  }
  struct walk walk = {.kept = 0};
  bool safe = !on_signal_stack();
  if (safe && backtrace) backtrace(step, &walk);
  if (!walk.kept && caller) {
    walk.words[walk.kept++] = (uintptr_t)caller;
    walk.cut = true;
  }
  if (walk.kept) use->native_stack = stacks_intern(STACK_NATIVE, walk.words, walk.kept, walk.cut);
  /* A handler may have interrupted malloc, which the JVM calls. Unseen is not absent. */
  if (safe && backtrace && !walk.signal && walk.seen <= DEEPEST && walk_java) {
    uint64_t words[2 * JAVA_FRAMES];
    bool cut = false;
    unsigned frames = walk_java(words, &cut);
    if (frames) use->java_stack = stacks_intern(STACK_JAVA, words, frames, cut);
  }
  char name[16] = "";
  if (!prctl(PR_GET_NAME, name, 0, 0, 0)) memcpy(use->thread, name, sizeof name);
}
