package io.descry.os.symbols;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The functions of one object by address. Some objects have 100,000s: 16 bytes each beside the
 * object's own string table, and no text until one is asked for.
 */
final class SymbolTable {
  /** Size of {@code Elf64_Sym}. */
  static final int ENTRY = 24;

  private static final int STT_FUNC = 2;
  private static final int STT_GNU_IFUNC = 10;
  private static final int STB_LOCAL = 0;
  private static final int STB_GLOBAL = 1;

  /** Functions that overlap are few and near each other. */
  private static final int NEAR = 16;

  private final long[] addresses;
  private final int[] sizes;
  private final int[] names;
  private final byte[] strings;

  private SymbolTable(long[] addresses, int[] sizes, int[] names, byte[] strings) {
    this.addresses = addresses;
    this.sizes = sizes;
    this.names = names;
    this.strings = strings;
  }

  int size() {
    return addresses.length;
  }

  /** The index of the function that has an address; -1 when none is known to. */
  int find(long address) {
    int found = Arrays.binarySearch(addresses, address);
    int nearest = found >= 0 ? found : -found - 2;
    for (int i = nearest; i >= 0 && i > nearest - NEAR; i--) {
      if (address - addresses[i] < Integer.toUnsignedLong(sizes[i])) {
        return i;
      }
    }
    return -1;
  }

  long address(int index) {
    return addresses[index];
  }

  /** The name as the linker knows it. */
  String name(int index) {
    int begin = names[index];
    int end = begin;
    while (end < strings.length && strings[end] != 0) {
      end++;
    }
    return new String(strings, begin, end - begin, StandardCharsets.UTF_8);
  }

  /** Collects the functions of a table of {@code Elf64_Sym}. */
  static final class Builder {
    /** An address and an index share a long, for sorting without objects. */
    private static final int INDEX_BITS = 24;

    private static final long MOST_ADDRESS = 1L << (63 - INDEX_BITS);

    private final boolean complete;
    private long[] keys = new long[256];
    private int[] sizes = new int[256];
    private int[] names = new int[256];
    private boolean[] global = new boolean[256];
    private int count;

    /**
     * Starts a table.
     *
     * @param complete whether local functions are in it too, so that one without a size, as
     *     assembler code has, reaches to the next. Among exported ones alone it would swallow
     *     others.
     */
    Builder(boolean complete) {
      this.complete = complete;
    }

    /** Adds the functions among whole entries. */
    void add(ByteBuffer entries) {
      for (int at = 0; at + ENTRY <= entries.limit(); at += ENTRY) {
        int type = entries.get(at + 4) & 0xf;
        int bind = entries.get(at + 4) >> 4 & 0xf;
        boolean defined = entries.getShort(at + 6) != 0;
        long size = entries.getLong(at + 16);
        if (defined
            && (type == STT_FUNC || type == STT_GNU_IFUNC)
            && (size != 0 || complete)
            && (bind != STB_LOCAL || complete)) {
          add(
              entries.getLong(at + 8),
              (int) Math.min(size & Long.MAX_VALUE, Integer.MAX_VALUE),
              entries.getInt(at),
              bind == STB_GLOBAL);
        }
      }
    }

    private void add(long address, int size, int name, boolean isGlobal) {
      if (address <= 0 || address >= MOST_ADDRESS || count == 1 << INDEX_BITS) {
        return;
      }
      if (count == keys.length) {
        keys = Arrays.copyOf(keys, count * 2);
        sizes = Arrays.copyOf(sizes, count * 2);
        names = Arrays.copyOf(names, count * 2);
        global = Arrays.copyOf(global, count * 2);
      }
      keys[count] = address << INDEX_BITS | count;
      sizes[count] = size;
      names[count] = name;
      global[count] = isGlobal;
      count++;
    }

    /** The table, each address once: of several names a global one is taken. */
    SymbolTable build(byte[] strings) {
      Arrays.sort(keys, 0, count);
      long[] addresses = new long[count];
      int[] sorted = new int[count];
      int used = 0;
      for (int i = 0; i < count; i++) {
        long address = keys[i] >>> INDEX_BITS;
        int index = (int) keys[i] & (1 << INDEX_BITS) - 1;
        if (names[index] <= 0 || names[index] >= strings.length) {
          continue;
        }
        if (used > 0 && addresses[used - 1] == address) {
          if (!isBetter(index, sorted[used - 1])) {
            continue;
          }
          used--;
        }
        addresses[used] = address;
        sorted[used++] = index;
      }
      int[] sortedSizes = new int[used];
      int[] sortedNames = new int[used];
      for (int i = 0; i < used; i++) {
        int size = sizes[sorted[i]];
        if (size == 0) {
          long toNext = i + 1 < used ? addresses[i + 1] - addresses[i] : 1;
          size = (int) Math.min(toNext, Integer.MAX_VALUE);
        }
        sortedSizes[i] = size;
        sortedNames[i] = names[sorted[i]];
      }
      return new SymbolTable(Arrays.copyOf(addresses, used), sortedSizes, sortedNames, strings);
    }

    private boolean isBetter(int index, int than) {
      if ((sizes[index] == 0) != (sizes[than] == 0)) {
        return sizes[index] != 0;
      }
      return global[index] && !global[than];
    }
  }
}
