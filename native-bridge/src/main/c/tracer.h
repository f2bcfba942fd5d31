/*
 * What the parts of the tracer know of each other. The region, which Java reads, is in region.h.
 *
 * Hooks run in any thread, in signal handlers, and in children that were forked off a process with
 * many threads. So what a hook calls takes no lock, allocates nothing and logs nothing; what does
 * is marked "not for hooks" here.
 */
#ifndef DESCRY_TRACER_H
#define DESCRY_TRACER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "calls.h"
#include "region.h"

/* The hooked calls, by their number in slots and errors. */
enum call {
#define CALL(name) CALL_##name,
  CALLS(CALL)
#undef CALL
      CALL_COUNT
};

/* ---- calls.c: names, and the functions of libc behind them ---- */

/* A name that is not hooked but says that an object makes children that share its memory. */
#define CALL_CLONES CALL_COUNT

extern const char *const call_names[CALL_COUNT];
/* Of libc, or of whoever is preloaded before it; NULL where there is none. Set once. */
extern void *call_real[CALL_COUNT];
/*
 * How all real functions are called: variadic, as some are, and with integers and pointers, which
 * both processors pass alike whatever their type. A sanitizer that compares types is told not to.
 */
typedef long real_function(long, ...);
#if defined(__clang__)
#define CALLS_REAL __attribute__((no_sanitize("function")))
#else
#define CALLS_REAL
#endif
/* Enters with the object's number in the sixth integer argument; hooks.c and stubs.S. */
extern void *const call_hooks[CALL_COUNT];

/* Not for hooks. */
void calls_resolve(void);
/* enum call or CALL_CLONES; -1 for any other name. */
int call_find(const char *name);

/* ---- region.c ---- */

struct region_sizes {
  uint32_t slots;
  uint32_t stacks; /* a power of two */
  uint64_t words;
  uint32_t objects; /* OBJECT_CAPACITY at most */
  uint32_t errors;  /* a power of two */
  uint32_t failed_closes; /* a power of two */
};

#define OBJECT_CAPACITY 4096u

extern const struct region_sizes region_default_sizes;
extern struct region_header *region;
extern size_t region_bytes;

/* Maps the region, or empties the slots of the one that is there. Not for hooks. 0 or errno. */
int region_prepare(const struct region_sizes *sizes);

struct slot *region_slots(void);
struct stack *region_stacks(void);
uint64_t *region_words(void);
struct object *region_objects(void);
struct error *region_errors(void);
struct failed_close *region_failed_closes(void);

void count(uint64_t *counter);
int64_t now(void);

/* ---- table.c: slots and errors ---- */

/* What an open is recorded with. */
struct use {
  uint16_t call;
  uint32_t object;
  uint32_t tid;
  int64_t time;
  uint32_t native_stack;
  uint32_t java_stack;
  uint64_t device;
  uint64_t inode;
  int32_t source;
  uint64_t thread[2];
};

void table_opened(int number, const struct use *use);
/* What a close found: generations, 0 for none. */
struct ended {
  uint64_t now;    /* open, and closed by this close */
  uint64_t before; /* closed already */
};

struct ended table_closed(int number, uint16_t call, uint32_t object, uint32_t tid, int64_t time);
/* The close of this generation did not happen. */
void table_not_closed(int number, uint64_t generation);
/* The close that is recorded of this generation did not close it, or not for the last time. */
void table_doubt_close(int number, uint64_t generation);
/* A copy of the slot; false when none could be had soon. */
bool table_read(int number, struct slot *copy);
/* sequence and ticket are filled in. Given up when another record is being written in its place. */
void table_close_failed(struct failed_close *failed);
bool table_is_open(int number);
/* No number beyond this was ever opened. */
int table_highest(void);
void table_failed(uint16_t call, uint32_t object, int number, int64_t time);

/* ---- stacks.c ---- */

enum stacks_mode { STACKS_NONE = 0, STACKS_BUDGET = 1, STACKS_ALL = 2 };

#define NATIVE_FRAMES 32u
#define JAVA_FRAMES 48u

/*
 * Writes method and bytecode index of each Java frame of this thread, innermost first; answers the
 * number of frames, 0 when there are none or they cannot be had safely.
 */
typedef unsigned java_walker(uint64_t words[2 * JAVA_FRAMES], bool *cut);

/* Not for hooks. */
void stacks_prepare(enum stacks_mode mode, java_walker *java);
/* Why there are no native stacks but for the innermost frame; NULL when there are. */
const char *stacks_reason(void);
/* Fills in the stacks and the thread's name, or counts that they are not. caller: return address. */
void stacks_take(struct use *use, bool affordable, const void *caller);
/* The number of an equal stack; 0 when there is no more room. */
uint32_t stacks_intern(enum stack_kind kind, const uint64_t *words, unsigned frames, bool cut);

/* ---- budget.c: what an open may cost beyond its record ---- */

/* Not for hooks. share: of one processor's time; all: without a limit. */
void budget_prepare(bool all, double share);
bool budget_allows(int64_t time);
/* For what was begun then and ends now. */
void budget_charge(int64_t begun);

/* ---- process.c: is this still the process that the table is about ---- */

/* Not for hooks. 0 or errno. */
int process_prepare(void);
/* Not for hooks. */
void process_record(bool on);
/* Whether a call of this object is to be recorded: not when stopped, not in a child. */
bool process_records(uint32_t object);
/* Import slots of vfork lead to the tracer from now on. Not for hooks. */
void process_marks_more(void);
/* The kernel's number of this thread. Only while recording. */
uint32_t process_thread(void);
/*
 * How deep this thread is within the tracer; more than 1: in a signal handler that interrupted it.
 * A hook is counted only while it records, not during the real call, which may be left by
 * cancellation.
 */
unsigned *process_depth(void);

/* ---- record.c: what hooks call; errno is as it was ---- */

void record_opened(enum call call, uint32_t object, int number, int source, const void *caller);
void record_all_opened(enum call call, uint32_t object, const int *numbers, unsigned length,
                       const void *caller);
struct ended record_closed(enum call call, uint32_t object, int number);
/* What became of a close: by result and errno. */
void record_close_result(enum call call, uint32_t object, int number, struct ended ended,
                         int result, const void *caller);
void record_range_closed(enum call call, uint32_t object, unsigned first, unsigned last);
void record_not_closed(uint32_t object, int number, uint64_t generation);
/* By errno. */
void record_failed(enum call call, uint32_t object);
/* Opened, or failed when the number is negative. */
void record_result(enum call call, uint32_t object, int number, int source, const void *caller);

struct msghdr;
void record_received(enum call call, uint32_t object, const struct msghdr *message,
                     const void *caller);

/* ---- thunks.c ---- */

/* One for each call, which enter the hook with the object's number. Not for hooks. NULL: errno. */
void *thunks_create(uint32_t object);
void *thunk_of(const void *thunks, enum call call);

/* ---- objects.c ---- */

/* The pseudo object of functions that Java code fetched through the JVM. */
#define FETCHED 1u

/* As in the region, but close together. All but OBJECT_MARKS are set once. */
extern uint32_t object_flags[OBJECT_CAPACITY];

/*
 * Paths are kept. Not for hooks. 0 or errno.
 */
int objects_prepare(const char *java_home, const char *const *own, unsigned own_length);
/* Whether objects are to be hooked from now on, or unhooked; done when it returns. */
void objects_hook(bool on);
/* Does so with objects that came since, mends what was overwritten, marks what is gone. */
void objects_scan(void);
/* Scans when objects came or went since. */
void objects_scan_if_changed(void);
/* The thunk of a call for who fetched it by name; NULL when the object has none. */
void *objects_fetched(uint32_t object, enum call call);
/* Whether what this object loads is looked for along its own DT_RPATH, as are the dependencies. */
bool objects_has_rpath(uint32_t object);
/* Whether this is code of the tracer itself. */
bool objects_is_tracer(uintptr_t address);

/* ---- elf.c: a loaded object in memory ---- */

struct dl_phdr_info;

struct image {
  uintptr_t base, begin, end;
  uintptr_t relro_begin, relro_end; /* whole pages */
  uintptr_t dynamic;
  const char *strings;
  const void *symbols;
  const void *jumps;
  size_t jumps_length;
  const void *relocations;
  size_t relocations_length;
  bool has_rpath;
  bool bound; /* all its slots lead where they will before it runs */
  const char *soname; /* empty: none */
  const unsigned char *build_id;
  uint32_t build_id_length;
};

/* An import slot. */
struct import {
  uintptr_t *slot;
  int call;  /* as call_find */
  bool lazy; /* may lead into its own object until it is first used */
};

void image_read(struct image *image, const struct dl_phdr_info *info);
void image_imports(const struct image *image, void (*each)(const struct import *, void *),
                   void *argument);

/* ---- memory.c: writing into other objects' slots ---- */

/* The page that was made writable and is to be sealed again. */
struct unsealed {
  uintptr_t begin, end;
};

/* Whether the page of an address may be written to. */
bool page_writable(uintptr_t address);
/* Not for an object that is still being loaded. */
bool slot_write(struct unsealed *unsealed, uintptr_t *slot, uintptr_t value);
void slots_seal(struct unsealed *unsealed);

/* ---- start.c: not for hooks ---- */

struct tracer_options {
  const char *java_home;
  const char *const *own;
  unsigned own_length;
  double budget_share;
  enum stacks_mode stacks;
  java_walker *java;
  const struct region_sizes *sizes;
};

/* NULL when it records, else why it does not; then nothing is hooked. */
const char *tracer_start(const struct tracer_options *options);
void tracer_refresh(void);
void tracer_stop(void);

/* ---- stubs.S and what it calls ---- */

/* What a stub returns; when not answered, it jumps to the real function instead. */
struct answer {
  void *value;
  uintptr_t answered;
};

#pragma GCC visibility push(hidden) /* stubs.S reaches them directly */
extern void *descry_real_dlsym;
extern void *descry_real_dlopen;
extern void *descry_real_vfork;
struct answer answer_dlsym(void *handle, const char *name, uint32_t object);
struct answer answer_dlopen(const char *file, int mode, uint32_t object);
void stub_dlsym(void);
void stub_dlopen(void);
void stub_vfork(void);
/* This thread is about to call vfork. */
void mark_vfork(void);
void stub_syscall(void);
/* caller is read by the hook itself. */
long hook_syscall(long number, long a, long b, long c, long d, long e, long f, uint32_t object);
#pragma GCC visibility pop

#endif
