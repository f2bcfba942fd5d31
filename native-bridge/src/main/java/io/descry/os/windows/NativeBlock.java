package io.descry.os.windows;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Native memory that Windows writes to and Descry reads in place, zero at first. Every access is
 * checked against its size. For one thread at a time.
 */
final class NativeBlock implements AutoCloseable {
  private Memory memory;
  private ByteBuffer bytes;

  NativeBlock(int size) {
    allocate(size);
    memory.clear();
  }

  private void allocate(int size) {
    memory = new Memory(size);
    bytes = memory.getByteBuffer(0, size).order(ByteOrder.LITTLE_ENDIAN);
  }

  int size() {
    return bytes.capacity();
  }

  long address() {
    return Pointer.nativeValue(memory);
  }

  /** Takes another size; what is in it then may be anything, and takes no memory until written. */
  void resize(int size) {
    memory.close();
    allocate(size);
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

  /** A pointer, a handle or an integer of 64 bits. */
  long i64(int offset) {
    return bytes.getLong(offset);
  }

  void put32(int offset, int value) {
    bytes.putInt(offset, value);
  }

  byte[] copy(int offset, int length) {
    byte[] copy = new byte[length];
    bytes.get(offset, copy);
    return copy;
  }

  /** UTF-16 text, as it stands. */
  String text(int offset, int characters) {
    return bytes
        .slice(offset, 2 * characters)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asCharBuffer()
        .toString();
  }

  /** Frees it; nothing may be read from it afterwards. */
  @Override
  public void close() {
    memory.close();
    bytes = null;
  }
}
