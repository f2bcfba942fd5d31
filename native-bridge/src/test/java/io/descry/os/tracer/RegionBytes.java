package io.descry.os.tracer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A region written byte by byte, as {@code src/main/c/region.h} lays it out. */
final class RegionBytes {
  static final int SLOTS = 64;
  static final int STACKS = 32;
  static final int WORDS = 256;
  static final int OBJECTS = 16;
  static final int ERRORS = 8;
  static final int FAILED_CLOSES = 4;

  private static final int SLOTS_AT = 256;
  private static final int STACKS_AT = SLOTS_AT + SLOTS * 128;
  private static final int WORDS_AT = STACKS_AT + STACKS * 32;
  private static final int OBJECTS_AT = WORDS_AT + WORDS * 8;
  private static final int ERRORS_AT = OBJECTS_AT + OBJECTS * 1024;
  private static final int FAILED_CLOSES_AT = ERRORS_AT + ERRORS * 32;

  final ByteBuffer bytes =
      ByteBuffer.allocateDirect(FAILED_CLOSES_AT + FAILED_CLOSES * 192)
          .order(ByteOrder.nativeOrder());

  private int words;

  RegionBytes() {
    bytes.putInt(0, 0x59435344).putInt(4, 4);
    bytes.putLong(8, SLOTS_AT).putInt(16, SLOTS).putInt(20, 128);
    bytes.putLong(24, STACKS_AT).putInt(32, STACKS).putInt(36, 32);
    bytes.putLong(40, WORDS_AT).putLong(48, WORDS);
    bytes.putLong(64, OBJECTS_AT).putInt(72, OBJECTS).putInt(76, 1).putInt(80, 1024);
    bytes.putInt(84, ERRORS).putLong(88, ERRORS_AT).putInt(96, 32);
    bytes.putLong(176, FAILED_CLOSES_AT).putInt(184, FAILED_CLOSES).putInt(188, 192);
  }

  /** Says how many calls failed because no descriptor was left. */
  void exhausted(long calls) {
    bytes.putLong(200, calls);
  }

  Region region() {
    return new Region(bytes);
  }

  /** The offset of a slot. */
  int slot(int number) {
    return SLOTS_AT + number * 128;
  }

  /** Writes a slot as the hooks do after an open. */
  void open(int number, long generation, int call, int object, int natives, int java) {
    int at = slot(number);
    bytes.putInt(at, bytes.getInt(at) + 2);
    boolean closed = bytes.get(at + 4) == 2 && bytes.get(at + 5) == 0;
    bytes.putLong(at + 96, closed ? bytes.getLong(at + 8) : 0);
    bytes.putLong(at + 104, bytes.getLong(at + 72)).putLong(at + 112, bytes.getLong(at + 80));
    bytes.putShort(at + 120, bytes.getShort(at + 88));
    bytes.put(at + 4, (byte) 1).put(at + 5, (byte) 0).putShort(at + 6, (short) call);
    bytes.putLong(at + 8, generation).putLong(at + 16, 1_000 + generation);
    bytes.putInt(at + 24, object).putInt(at + 28, 77);
    bytes.putInt(at + 32, natives).putInt(at + 36, java);
    bytes.putLong(at + 40, 8).putLong(at + 48, 9);
    text(at + 56, natives == 0 ? "" : "worker-16-bytes!");
    bytes.putLong(at + 72, 0).putInt(at + 92, -1);
  }

  /** Writes a slot as the hooks do before a close. */
  void close(int number, int call, int object) {
    int at = slot(number);
    bytes.putInt(at, bytes.getInt(at) + 2);
    bytes.put(at + 4, (byte) 2).putLong(at + 72, 5_000);
    bytes.putInt(at + 80, object).putInt(at + 84, 78).putShort(at + 88, (short) call);
  }

  /** Takes the identity from a slot's record. */
  void unidentified(int number) {
    bytes.putLong(slot(number) + 40, 0).putLong(slot(number) + 48, 0);
  }

  void missClose() {
    bytes.putLong(192, bytes.getLong(192) + 1);
  }

  void doubt(int number) {
    int at = slot(number);
    bytes.putInt(at, bytes.getInt(at) + 2).put(at + 5, (byte) 1);
  }

  /** Writes a stack into its place, whole but for {@code ready}. */
  void stack(int number, boolean isJava, long taken, long... frames) {
    int at = STACKS_AT + number * 32;
    for (int i = 0; i < frames.length; i++) {
      bytes.putLong(WORDS_AT + (words + i) * 8, frames[i]);
    }
    bytes.putLong(at, 0x1234 + number).putLong(at + 8, words);
    bytes.putInt(at + 16, isJava ? frames.length / 2 : frames.length);
    bytes.put(at + 20, (byte) (isJava ? 2 : 1)).putLong(at + 24, taken);
    words += frames.length;
    bytes.putLong(56, words);
  }

  void publish(int number) {
    bytes.put(STACKS_AT + number * 32 + 21, (byte) 1);
  }

  /** Adds an object and answers its number. */
  int object(long begin, long end, long loaded, int flags, String soname, String path) {
    int number = bytes.getInt(76);
    int at = OBJECTS_AT + number * 1024;
    bytes.putLong(at, begin).putLong(at + 8, begin).putLong(at + 16, end);
    bytes.putLong(at + 32, loaded).putInt(at + 48, flags);
    bytes.put(at + 56, (byte) 2).put(at + 57, (byte) 0xab).put(at + 58, (byte) 0x0c);
    text(at + 96, soname);
    text(at + 256, path);
    bytes.putInt(76, number + 1);
    return number;
  }

  void unload(int number, long nanos) {
    bytes.putLong(OBJECTS_AT + number * 1024 + 40, nanos);
  }

  void error(int row, int object, int call, int errno, long count, long first, long last) {
    int at = ERRORS_AT + row * 32;
    bytes.putInt(at, object).putShort(at + 4, (short) call).putShort(at + 6, (short) errno);
    bytes.putLong(at + 8, count).putLong(at + 16, first).putLong(at + 24, last);
  }

  /** Writes a failed close as the hooks do, with the slot as it is now unless that is unused. */
  void failedClose(int number, int call, int object, int natives) {
    long ticket = bytes.getLong(168) + 1;
    bytes.putLong(168, ticket);
    int at = FAILED_CLOSES_AT + (int) (ticket % FAILED_CLOSES) * 192;
    bytes.putInt(at, bytes.getInt(at) + 2).putInt(at + 4, number).putLong(at + 8, ticket);
    bytes.putLong(at + 16, 6_000).putInt(at + 24, object).putInt(at + 28, 79);
    bytes.putInt(at + 32, natives).putInt(at + 36, 0);
    text(at + 40, natives == 0 ? "" : "closer");
    bytes.putShort(at + 56, (short) call);
    for (int i = 0; i < 128; i += 8) {
      bytes.putLong(at + 64 + i, bytes.getLong(slot(number) + i));
    }
  }

  private void text(int at, String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    bytes.put(at, encoded);
    if (encoded.length < 16) {
      bytes.put(at + encoded.length, (byte) 0);
    }
  }
}
