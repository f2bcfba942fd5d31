package io.descry.os.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * One block of native memory, allocated once and used for every call. It is taken by malloc, not by
 * {@link ByteBuffer#allocateDirect}, so that it neither counts against the application's limit of
 * direct memory nor appears among its buffers. For one thread at a time.
 */
final class NativeMemory implements AutoCloseable {
  private final long address;
  private final ByteBuffer bytes;

  NativeMemory(int size) {
    address = Native.malloc(size);
    if (address == 0) {
      throw new OutOfMemoryError("malloc of " + size + " bytes");
    }
    bytes = new Pointer(address).getByteBuffer(0, size).order(ByteOrder.nativeOrder());
  }

  int size() {
    return bytes.capacity();
  }

  long address(int offset) {
    return address + offset;
  }

  int u8(int offset) {
    return bytes.get(offset) & 0xff;
  }

  int u16(int offset) {
    return bytes.getShort(offset) & 0xffff;
  }

  int i32(int offset) {
    return bytes.getInt(offset);
  }

  long u32(int offset) {
    return bytes.getInt(offset) & 0xffffffffL;
  }

  long i64(int offset) {
    return bytes.getLong(offset);
  }

  void put32(int offset, int value) {
    bytes.putInt(offset, value);
  }

  void put64(int offset, long value) {
    bytes.putLong(offset, value);
  }

  byte[] copy(int offset, int length) {
    byte[] copy = new byte[length];
    bytes.get(offset, copy);
    return copy;
  }

  void copy(int offset, byte[] to, int at, int length) {
    bytes.get(offset, to, at, length);
  }

  String text(int offset, int length) {
    return new String(copy(offset, length), StandardCharsets.UTF_8);
  }

  /** Writes {@code text} as a C string; it must fit. */
  void putText(int offset, String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    bytes.put(offset, encoded);
    bytes.put(offset + encoded.length, (byte) 0);
  }

  /** Writes a number that is not negative in decimal as a C string. */
  void putDecimal(int offset, int number) {
    int digits = 1;
    for (int rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    bytes.put(offset + digits, (byte) 0);
    int rest = number;
    for (int at = offset + digits - 1; at >= offset; at--) {
      bytes.put(at, (byte) ('0' + rest % 10));
      rest /= 10;
    }
  }

  /** Frees the block; nothing may be read from it afterwards. */
  @Override
  public void close() {
    Native.free(address);
  }
}
