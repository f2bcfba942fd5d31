/*
 * The memory that the tracer writes and Java reads in place: io.descry.os.tracer.Region knows the
 * same offsets. Every number is in the byte order of the machine. One mapping, made when the tracer
 * starts and never given back; pages are touched only as they are used.
 *
 * Writers are hooks, in any thread and in signal handlers, which take no lock. A reader copies a slot
 * between two equal, even values of its sequence.
 */
#ifndef DESCRY_REGION_H
#define DESCRY_REGION_H

#include <stddef.h>
#include <stdint.h>

#define REGION_MAGIC 0x59435344u /* "DSCY" */
#define REGION_VERSION 4u

/* Where the parts of the region are: offsets in bytes from its begin. */
struct region_header {
  uint32_t magic;
  uint32_t version;
  uint64_t slots;        /* struct slot[slot_count], by descriptor number */
  uint32_t slot_count;
  uint32_t slot_size;
  uint64_t stacks;       /* struct stack[stack_count], a hash table by content; number 0 is no stack */
  uint32_t stack_count;
  uint32_t stack_size;
  uint64_t words;        /* uint64_t[word_count]: the frames of the stacks */
  uint64_t word_count;
  uint64_t words_used;
  uint64_t objects;      /* struct object[object_capacity]; number 0 is no object */
  uint32_t object_capacity;
  uint32_t object_count; /* numbers below this are in use; grows only */
  uint32_t object_size;
  uint32_t error_count;
  uint64_t errors;       /* struct error[error_count], a hash table; failures 0 is an empty place */
  uint32_t error_size;
  uint32_t reserved;
  /* Counters, from here on monotonic. */
  uint64_t generations;    /* opens recorded: the next generation */
  uint64_t lost;           /* records given up since another writer held the slot; that slot is doubtful */
  uint64_t beyond;         /* records of numbers that have no slot */
  uint64_t stacks_skipped; /* opens without stacks, for the budget was spent */
  uint64_t stacks_full;    /* opens without stacks, for there was no more room */
  uint64_t errors_full;    /* failures not counted, for there was no more room */
  uint64_t objects_full;   /* objects not hooked, for there was no more room */
  uint64_t interposed;     /* import slots left alone since they lead to something else than libc */
  uint64_t closes_failed;  /* failed closes so far: the ticket of the last */
  uint64_t failed_closes;  /* struct failed_close[failed_close_count], a ring by ticket */
  uint32_t failed_close_count;
  uint32_t failed_close_size;
  uint64_t closes_unseen;  /* opens of numbers that were open as far as was known */
  uint64_t exhausted;      /* calls that failed as no number, or no file of the system, was left */
};

enum slot_state { SLOT_UNUSED = 0, SLOT_OPEN = 1, SLOT_CLOSED = 2 };

/* What is known of one descriptor number. 128 bytes. */
struct slot {
  uint32_t sequence;    /*   0 odd while it is being written */
  uint8_t state;        /*   4 enum slot_state */
  uint8_t doubtful;     /*   5 not 0: a record was lost since it was opened, or its close may not
                             be what closed it, or closed it last */
  uint16_t call;        /*   6 enum call: what opened it */
  uint64_t generation;  /*   8 ascending over the process; 0 never */
  int64_t opened;       /*  16 CLOCK_MONOTONIC in ns, which is System.nanoTime() */
  uint32_t object;      /*  24 who called */
  uint32_t tid;         /*  28 kernel's number of the thread */
  uint32_t native_stack; /* 32 0: none */
  uint32_t java_stack;  /*  36 0: none */
  uint64_t device;      /*  40 fstat's; 0 when it was not asked, or failed */
  uint64_t inode;       /*  48 */
  char thread[16];      /*  56 PR_GET_NAME, empty when no stack was taken */
  int64_t closed;       /*  72 ns, as opened; 0 while open */
  uint32_t close_object; /* 80 */
  uint32_t close_tid;   /*  84 */
  uint16_t close_call;  /*  88 */
  uint16_t unused;      /*  90 */
  int32_t source;       /*  92 the number that it was duplicated from, -1 else */
  /* The use before this one and what closed it; its generation 0: none, or that is not known. */
  uint64_t last_generation;   /*  96 */
  int64_t last_closed;        /* 104 ns */
  uint32_t last_close_object; /* 112 */
  uint32_t last_close_tid;    /* 116 */
  uint16_t last_close_call;   /* 120 */
  uint16_t reserved[3];       /* 122 */
};

enum stack_kind { STACK_NATIVE = 1, STACK_JAVA = 2 };

/*
 * Frames, innermost first. Of a native stack one word each, the return address; of a Java stack two,
 * jmethodID and bytecode index. Published by ready, which is written last. 32 bytes.
 */
struct stack {
  uint64_t hash;   /*  0 */
  uint64_t first;  /*  8 index into words */
  uint32_t frames; /* 16 */
  uint8_t kind;    /* 20 */
  uint8_t ready;   /* 21 */
  uint8_t cut;     /* 22 there were more frames */
  uint8_t unused;  /* 23 */
  int64_t taken;   /* 24 ns: which of the objects that were ever at an address is meant */
};

enum object_flag {
  OBJECT_JDK = 1,      /* beneath java.home; no stacks */
  OBJECT_DESCRY = 2,   /* Descry's own: its JNA, the tracer */
  OBJECT_FETCHED = 4,  /* not an object: what Java fetched by name through the JVM (FFM API) */
  OBJECT_PROGRAM = 8,  /* the executable */
  OBJECT_VFORKS = 16,  /* imports vfork or clone: its hooks ask whose process it is */
  OBJECT_UNHOOKED = 32, /* ld.so and libc: only so that addresses in them have a name */
  OBJECT_MARKS = 64    /* none of its vforks passes the tracer by: it need not ask each time */
};

/* A shared object that is or was loaded. 1,024 bytes. */
struct object {
  uint64_t base;      /*   0 what its virtual addresses are relative to (dlpi_addr) */
  uint64_t begin;     /*   8 lowest mapped address */
  uint64_t end;       /*  16 beyond the highest */
  uint64_t dynamic;   /*  24 address of its dynamic section, 0 when it has none */
  int64_t loaded;     /*  32 ns: when the tracer first saw it */
  int64_t unloaded;   /*  40 ns: when the tracer missed it; 0 while it is loaded */
  uint32_t flags;     /*  48 enum object_flag */
  uint32_t hooks;     /*  52 import slots that lead to the tracer */
  uint8_t build_id_length; /* 56 0: none */
  uint8_t build_id[39];    /* 57 NT_GNU_BUILD_ID */
  char soname[160];   /*  96 DT_SONAME, empty when it has none */
  char path[768];     /* 256 as the loader knows it; cut when longer */
};

/* Calls that failed, other than by EAGAIN, EINTR and EINPROGRESS. 32 bytes. */
struct error {
  uint32_t object; /*  0 */
  uint16_t call;   /*  4 */
  uint16_t number; /*  6 errno */
  uint64_t count;  /*  8 0: empty place */
  int64_t first;   /* 16 ns */
  int64_t last;    /* 24 ns */
};

/*
 * A close that failed by EBADF, of a number that was open before, or never was as far as was seen.
 * 192 bytes.
 */
struct failed_close {
  uint32_t sequence;     /*  0 as that of a slot */
  int32_t number;        /*  4 */
  uint64_t ticket;       /*  8 ascending from 1; 0: empty place */
  int64_t time;          /* 16 ns */
  uint32_t object;       /* 24 who called */
  uint32_t tid;          /* 28 */
  uint32_t native_stack; /* 32 0: none */
  uint32_t java_stack;   /* 36 0: none */
  char thread[16];       /* 40 as that of a slot */
  uint16_t call;         /* 56 */
  uint16_t unused[3];    /* 58 */
  struct slot before;    /* 64 the use that had been closed; its generation 0: none */
};

_Static_assert(sizeof(struct slot) == 128, "slot");
_Static_assert(sizeof(struct failed_close) == 192, "failed close");
_Static_assert(offsetof(struct failed_close, before) == 64, "failed close");
_Static_assert(sizeof(struct stack) == 32, "stack");
_Static_assert(sizeof(struct object) == 1024, "object");
_Static_assert(sizeof(struct error) == 32, "error");
_Static_assert(offsetof(struct slot, thread) == 56 && offsetof(struct slot, source) == 92, "slot");
_Static_assert(offsetof(struct slot, last_close_call) == 120, "slot");
_Static_assert(offsetof(struct object, soname) == 96 && offsetof(struct object, path) == 256, "object");

#endif
