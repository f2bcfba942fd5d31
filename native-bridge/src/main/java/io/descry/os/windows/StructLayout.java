package io.descry.os.windows;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the members of a C structure lie, by the rules of Windows' compilers: each at the next
 * multiple of its alignment, the whole a multiple of the greatest. For one size of pointers. Built
 * once by one thread, then read only.
 */
final class StructLayout {
  private final String name;
  private final int pointer;
  private final Map<String, Integer> offsets = new LinkedHashMap<>();
  private int end;
  private int alignment = 1;

  /**
   * A structure without members yet.
   *
   * @param name as the headers call it
   * @param pointer the size of a pointer, 4 or 8 bytes
   */
  StructLayout(String name, int pointer) {
    this.name = name;
    this.pointer = pointer;
  }

  StructLayout bytes(String member, int count) {
    return add(member, count, 1);
  }

  StructLayout u16(String member) {
    return add(member, 2, 2);
  }

  StructLayout u32(String member) {
    return add(member, 4, 4);
  }

  StructLayout u32s(String member, int count) {
    return add(member, 4 * count, 4);
  }

  /** A pointer, a handle, or an integer of their size. */
  StructLayout pointer(String member) {
    return add(member, pointer, pointer);
  }

  StructLayout struct(String member, StructLayout other) {
    return add(member, other.size(), other.alignment);
  }

  private StructLayout add(String member, int size, int itsAlignment) {
    int at = roundUp(end, itsAlignment);
    offsets.put(member, at);
    end = at + size;
    alignment = Math.max(alignment, itsAlignment);
    return this;
  }

  private static int roundUp(int value, int multiple) {
    return (value + multiple - 1) / multiple * multiple;
  }

  String name() {
    return name;
  }

  int size() {
    return roundUp(end, alignment);
  }

  /** The members' offsets in bytes, in order. */
  Map<String, Integer> offsets() {
    return offsets;
  }

  int offset(String member) {
    return offsets.get(member);
  }
}
