package io.descry.os.symbols;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The symbols that a loaded object exports, from its memory: where its file is gone or is another
 * by now. The tables are found as the system's loader finds them (gABI, chapter 5, "Dynamic
 * Section"; the GNU hash table as binutils' bfd/elflink.c writes it).
 */
final class DynamicSection {
  private static final int ENTRY = 16;
  private static final int MOST_ENTRIES = 512;

  private static final long DT_NULL = 0;
  private static final long DT_HASH = 4;
  private static final long DT_STRTAB = 5;
  private static final long DT_SYMTAB = 6;
  private static final long DT_STRSZ = 10;
  private static final long DT_GNU_HASH = 0x6ffffef5L;

  private static final int MOST_SYMBOLS = 1 << 24;
  private static final long MOST_STRINGS = 64L << 20;

  private final ByteSource source;
  private final long base;
  private long hash;
  private long gnuHash;
  private long strings;
  private long stringsSize;
  private long symbols;

  /**
   * Reads where the tables are.
   *
   * @throws IOException when its memory cannot be read
   */
  DynamicSection(Image image, ByteSource source) throws IOException {
    this.source = source;
    this.base = image.base();
    if (image.dynamic() == 0) {
      throw new IOException("no dynamic section");
    }
    for (int i = 0; i < MOST_ENTRIES; i++) {
      ByteBuffer entry = source.read(image.dynamic() + (long) i * ENTRY, ENTRY);
      long tag = entry.getLong(0);
      long value = entry.getLong(8);
      if (tag == DT_NULL) {
        return;
      } else if (tag == DT_HASH) {
        hash = address(value);
      } else if (tag == DT_GNU_HASH) {
        gnuHash = address(value);
      } else if (tag == DT_STRTAB) {
        strings = address(value);
      } else if (tag == DT_SYMTAB) {
        symbols = address(value);
      } else if (tag == DT_STRSZ) {
        stringsSize = value;
      }
    }
  }

  /** glibc adds the base in place, musl leaves the section as it was in the file. */
  private long address(long value) {
    return value < base ? base + value : value;
  }

  /**
   * The exported functions.
   *
   * @throws IOException when its memory cannot be read, or is not what it should be
   */
  SymbolTable exportedSymbols() throws IOException {
    if (symbols == 0 || strings == 0 || stringsSize < 0 || stringsSize > MOST_STRINGS) {
      throw new IOException("no symbols");
    }
    long count = hash != 0 ? source.read(hash, 8).getInt(4) : gnuHash != 0 ? gnuCount() : 0;
    if (count <= 0 || count > MOST_SYMBOLS) {
      throw new IOException("symbols without a usable hash table");
    }
    SymbolTable.Builder builder = new SymbolTable.Builder(false);
    builder.add(source.read(symbols, count * SymbolTable.ENTRY));
    return builder.build(source.read(strings, stringsSize).array());
  }

  /** The table says no number; it is that after the last symbol of the longest-reaching chain. */
  private long gnuCount() throws IOException {
    ByteBuffer header = source.read(gnuHash, 16);
    long buckets = header.getInt(0) & 0xffffffffL;
    long first = header.getInt(4) & 0xffffffffL;
    long bloom = header.getInt(8) & 0xffffffffL;
    long bucketsAt = gnuHash + 16 + bloom * 8;
    long last = 0;
    ByteBuffer all = source.read(bucketsAt, buckets * 4);
    for (int i = 0; i < all.limit(); i += 4) {
      last = Math.max(last, all.getInt(i) & 0xffffffffL);
    }
    if (last < first) {
      return first;
    }
    long chains = bucketsAt + buckets * 4;
    while (last < MOST_SYMBOLS
        && (source.read(chains + (last - first) * 4, 4).getInt(0) & 1) == 0) {
      last++;
    }
    return last + 1;
  }
}
