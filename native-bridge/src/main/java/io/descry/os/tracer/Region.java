package io.descry.os.tracer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The memory that the native tracer writes, read in place; {@code src/main/c/region.h} tells what
 * stands where. Hooks write it at any moment, without a lock. Safe for several threads.
 */
final class Region {
  /** The counters of the header. All only grow. */
  enum Counter {
    LOST(112),
    BEYOND(120),
    STACKS_SKIPPED(128),
    STACKS_FULL(136),
    ERRORS_FULL(144),
    OBJECTS_FULL(152),
    INTERPOSED(160);

    private final int offset;

    Counter(int offset) {
      this.offset = offset;
    }
  }

  /** A copy of a slot, taken at one moment. */
  static final class Slot {
    int sequence;
    int state;
    boolean doubtful;
    int call;
    long generation;
    long opened;
    int object;
    int tid;
    int nativeStack;
    int javaStack;
    long device;
    long inode;
    String thread;
    long closed;
    int closeObject;
    int closeTid;
    int closeCall;
    int source;
    long lastGeneration;
    long lastClosed;
    int lastCloseObject;
    int lastCloseTid;
    int lastCloseCall;
  }

  /**
   * A stack as it was taken.
   *
   * @param words of a native stack the return addresses, of a Java stack pairs of jmethodID and
   *     bytecode index
   * @param taken when, in ns of CLOCK_MONOTONIC
   */
  record Stack(boolean isJava, long[] words, long taken) {}

  /** A shared object; times in ns of CLOCK_MONOTONIC, {@code unloaded} 0 while it is loaded. */
  record LoadedObject(
      long base,
      long begin,
      long end,
      long dynamic,
      long loaded,
      long unloaded,
      int flags,
      String buildId,
      String soname,
      String path) {}

  /** Calls that failed; times in ns of CLOCK_MONOTONIC. */
  record Errors(int object, int call, int errno, long count, long first, long last) {}

  /** A close that failed by EBADF, and the slot that it found. */
  static final class FailedClose {
    int number;
    long time;
    int object;
    int tid;
    int nativeStack;
    int javaStack;
    String thread;
    int call;
    final Slot before = new Slot();
  }

  static final int SLOT_OPEN = 1;
  static final int SLOT_CLOSED = 2;

  static final int OBJECT_JDK = 1;
  static final int OBJECT_DESCRY = 2;
  static final int OBJECT_FETCHED = 4;

  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int MAGIC = 0x59435344;
  private static final int VERSION = 4;
  private static final int HEADER = 208;
  private static final int SLOT = 128;
  private static final int STACK = 32;
  private static final int OBJECT = 1024;
  private static final int ERROR = 32;
  private static final int FAILED_CLOSE = 192;
  private static final int FAILED_CLOSE_BEFORE = 64;

  private static final int STACK_JAVA = 2;

  /** More than the tracer ever takes: a stack beyond it was not written by it. */
  private static final int MOST_FRAMES = 1024;

  /** A writer needs less than a microsecond, unless it was interrupted. */
  private static final int TRIES = 64;

  private final ByteBuffer memory;
  private final int slots;
  private final int slotCount;
  private final int stacks;
  private final int stackCount;
  private final int words;
  private final long wordCount;
  private final int objects;
  private final int objectCapacity;
  private final int errors;
  private final int errorCount;
  private final int failedCloses;
  private final int failedCloseCount;

  /**
   * A region whose header has been written.
   *
   * @throws IllegalArgumentException when it is not what this class knows how to read
   */
  Region(ByteBuffer memory) {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw new IllegalArgumentException("the tracer knows little-endian machines only");
    }
    this.memory = memory.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (memory.capacity() < HEADER
        || this.memory.getInt(0) != MAGIC
        || this.memory.getInt(4) != VERSION) {
      throw new IllegalArgumentException("the tracer's memory is of another version");
    }
    slotCount = this.memory.getInt(16);
    slots = part(8, slotCount, size(20, SLOT));
    stackCount = this.memory.getInt(32);
    stacks = part(24, stackCount, size(36, STACK));
    wordCount = this.memory.getLong(48);
    words = part(40, wordCount, Long.BYTES);
    objectCapacity = this.memory.getInt(72);
    objects = part(64, objectCapacity, size(80, OBJECT));
    errorCount = this.memory.getInt(84);
    errors = part(88, errorCount, size(96, ERROR));
    failedCloseCount = this.memory.getInt(184);
    failedCloses = part(176, failedCloseCount, size(188, FAILED_CLOSE));
  }

  private int size(int offset, int known) {
    if (memory.getInt(offset) != known) {
      throw new IllegalArgumentException("the tracer's records are of another size");
    }
    return known;
  }

  private int part(int offset, long count, int size) {
    long begin = memory.getLong(offset);
    if (count < 0 || count > Integer.MAX_VALUE || begin < 0 || begin % Long.BYTES != 0) {
      throw new IllegalArgumentException("the tracer's header is broken");
    }
    if (begin + count * size > memory.capacity()) {
      throw new IllegalArgumentException("the tracer's memory ends before its parts do");
    }
    return (int) begin;
  }

  int slotCount() {
    return slotCount;
  }

  /** Changes with each write to a slot; odd while one is going on. */
  int sequence(int number) {
    return (int) INT.getAcquire(memory, slots + number * SLOT);
  }

  /**
   * Copies a slot.
   *
   * @return whether it could be: no writer stood in it for as long as this tried
   */
  boolean read(int number, Slot to) {
    int at = slots + number * SLOT;
    for (int i = 0; i < TRIES; i++) {
      int before = (int) INT.getAcquire(memory, at);
      if ((before & 1) == 0) {
        copy(at, to);
        VarHandle.acquireFence();
        if ((int) INT.getOpaque(memory, at) == before) {
          to.sequence = before;
          return true;
        }
      }
      Thread.onSpinWait();
    }
    return false;
  }

  private void copy(int at, Slot to) {
    to.state = memory.get(at + 4);
    to.doubtful = memory.get(at + 5) != 0;
    to.call = memory.getShort(at + 6) & 0xffff;
    to.generation = memory.getLong(at + 8);
    to.opened = memory.getLong(at + 16);
    to.object = memory.getInt(at + 24);
    to.tid = memory.getInt(at + 28);
    to.nativeStack = memory.getInt(at + 32);
    to.javaStack = memory.getInt(at + 36);
    to.device = memory.getLong(at + 40);
    to.inode = memory.getLong(at + 48);
    to.thread = text(at + 56, 16);
    to.closed = memory.getLong(at + 72);
    to.closeObject = memory.getInt(at + 80);
    to.closeTid = memory.getInt(at + 84);
    to.closeCall = memory.getShort(at + 88) & 0xffff;
    to.source = memory.getInt(at + 92);
    to.lastGeneration = memory.getLong(at + 96);
    to.lastClosed = memory.getLong(at + 104);
    to.lastCloseObject = memory.getInt(at + 112);
    to.lastCloseTid = memory.getInt(at + 116);
    to.lastCloseCall = memory.getShort(at + 120) & 0xffff;
  }

  int stackCount() {
    return stackCount;
  }

  /** Grows with each stack that is being stored. */
  long wordsUsed() {
    return (long) LONG.getAcquire(memory, 56);
  }

  /** Whether a place of the table of stacks was taken, its stack perhaps not yet complete. */
  boolean isTaken(int number) {
    return (long) LONG.getOpaque(memory, stacks + number * STACK) != 0;
  }

  /** Whether a stack is complete; it never changes again. */
  boolean isReady(int number) {
    return ((int) INT.getAcquire(memory, stacks + number * STACK + 20) >>> 8 & 0xff) != 0;
  }

  /** A stack; {@code null} when there is none of that number, or it is not complete. */
  Stack stack(int number) {
    if (number <= 0 || number >= stackCount || !isReady(number)) {
      return null;
    }
    int at = stacks + number * STACK;
    boolean isJava = memory.get(at + 20) == STACK_JAVA;
    int frames = memory.getInt(at + 16);
    long first = memory.getLong(at + 8);
    if (frames < 0 || frames > MOST_FRAMES || first < 0) {
      return null;
    }
    int count = isJava ? frames * 2 : frames;
    if (first + count > wordCount) {
      return null;
    }
    long[] copy = new long[count];
    for (int i = 0; i < count; i++) {
      copy[i] = memory.getLong(words + (int) (first + i) * Long.BYTES);
    }
    return new Stack(isJava, copy, memory.getLong(at + 24));
  }

  /** Objects have numbers from 1 to below this. */
  int objectCount() {
    return Math.min((int) INT.getAcquire(memory, 76), objectCapacity);
  }

  /** When the tracer missed an object, 0 while it is loaded. */
  long unloaded(int number) {
    return (long) LONG.getAcquire(memory, objects + number * OBJECT + 40);
  }

  /** An object of a number below {@link #objectCount()}. */
  LoadedObject object(int number) {
    int at = objects + number * OBJECT;
    byte[] buildId = new byte[Math.min(memory.get(at + 56) & 0xff, 39)];
    memory.get(at + 57, buildId);
    String soname = text(at + 96, 160);
    return new LoadedObject(
        memory.getLong(at),
        memory.getLong(at + 8),
        memory.getLong(at + 16),
        memory.getLong(at + 24),
        memory.getLong(at + 32),
        memory.getLong(at + 40),
        memory.getInt(at + 48),
        buildId.length == 0 ? null : HexFormat.of().formatHex(buildId),
        soname.isEmpty() ? null : soname,
        text(at + 256, 768));
  }

  int errorCount() {
    return errorCount;
  }

  /** A row of the table of errors; {@code null} when it is empty. */
  Errors errors(int row) {
    int at = errors + row * ERROR;
    long count = (long) LONG.getAcquire(memory, at + 8);
    return count == 0
        ? null
        : new Errors(
            memory.getInt(at),
            memory.getShort(at + 4) & 0xffff,
            memory.getShort(at + 6) & 0xffff,
            count,
            memory.getLong(at + 16),
            memory.getLong(at + 24));
  }

  /** How many closes so far must have passed the tracer by: the number was opened once more. */
  long closesUnseen() {
    return (long) LONG.getOpaque(memory, 192);
  }

  /** How many calls failed so far because no descriptor was left, Descry's own not counted. */
  long exhausted() {
    return (long) LONG.getOpaque(memory, 200);
  }

  /** How many of the last failed closes are kept. */
  int failedCloseCount() {
    return failedCloseCount;
  }

  /** How many closes have failed so far, which is the ticket of the last. */
  long closesFailed() {
    return (long) LONG.getAcquire(memory, 168);
  }

  /**
   * Copies what is known of a failed close.
   *
   * @param ticket from 1
   * @return whether it could be: it is written, and was not written over
   */
  boolean read(long ticket, FailedClose to) {
    int at = failedCloses + (int) (ticket % failedCloseCount) * FAILED_CLOSE;
    int before = (int) INT.getAcquire(memory, at);
    if ((before & 1) != 0 || memory.getLong(at + 8) != ticket) {
      return false;
    }
    to.number = memory.getInt(at + 4);
    to.time = memory.getLong(at + 16);
    to.object = memory.getInt(at + 24);
    to.tid = memory.getInt(at + 28);
    to.nativeStack = memory.getInt(at + 32);
    to.javaStack = memory.getInt(at + 36);
    to.thread = text(at + 40, 16);
    to.call = memory.getShort(at + 56) & 0xffff;
    copy(at + FAILED_CLOSE_BEFORE, to.before);
    VarHandle.acquireFence();
    return (int) INT.getOpaque(memory, at) == before;
  }

  long counter(Counter counter) {
    return (long) LONG.getOpaque(memory, counter.offset);
  }

  /** A C string in an array of {@code size} bytes. */
  private String text(int at, int size) {
    int length = 0;
    while (length < size && memory.get(at + length) != 0) {
      length++;
    }
    if (length == 0) {
      return "";
    }
    byte[] bytes = new byte[length];
    memory.get(at, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
