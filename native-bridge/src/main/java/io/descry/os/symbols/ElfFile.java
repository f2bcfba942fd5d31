package io.descry.os.symbols;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A 64-bit, little-endian ELF file: its sections, as the System V ABI (gABI, chapters 4 and 5) lays
 * them out. What it reads may be anything: every offset is checked by the source.
 */
final class ElfFile {
  private static final int MAGIC = 0x464c457f;
  private static final int CLASS_64_LITTLE = 0x0102;
  private static final int HEADER = 64;
  private static final int SECTION = 64;

  private static final int SHT_SYMTAB = 2;
  private static final int SHT_NOTE = 7;
  private static final int SHT_NOBITS = 8;
  private static final int SHT_DYNSYM = 11;
  private static final int NT_GNU_BUILD_ID = 3;
  private static final int GNU = 0x00554e47;

  /** What is kept in memory of one object's names. */
  private static final long MOST_STRINGS = 64L << 20;

  private static final long MOST_NOTES = 1 << 16;

  /** Symbols are read in pieces of whole entries. */
  private static final int PIECE = SymbolTable.ENTRY << 12;

  private record Section(int name, int type, long offset, long size, int link) {}

  private final ByteSource source;
  private final List<Section> sections = new ArrayList<>();
  private final byte[] sectionNames;

  /**
   * Reads the section headers.
   *
   * @throws IOException when it cannot be read or is no such file
   */
  ElfFile(ByteSource source) throws IOException {
    this.source = source;
    ByteBuffer header = source.read(0, HEADER);
    if (header.getInt(0) != MAGIC || header.getShort(4) != CLASS_64_LITTLE) {
      throw new IOException("no 64-bit little-endian ELF file");
    }
    int count = header.getShort(60) & 0xffff;
    if (count > 0 && (header.getShort(58) & 0xffff) != SECTION) {
      throw new IOException("section headers of an unknown size");
    }
    ByteBuffer all = source.read(header.getLong(40), (long) count * SECTION);
    for (int at = 0; at < count * SECTION; at += SECTION) {
      sections.add(
          new Section(
              all.getInt(at),
              all.getInt(at + 4),
              all.getLong(at + 24),
              all.getLong(at + 32),
              all.getInt(at + 40)));
    }
    int names = header.getShort(62) & 0xffff;
    sectionNames = names < count ? strings(sections.get(names)) : new byte[0];
  }

  /** In hexadecimal; {@code null} when there is none. */
  String buildId() throws IOException {
    for (Section section : sections) {
      if (section.type == SHT_NOTE && section.size <= MOST_NOTES) {
        String found = buildId(source.read(section.offset, section.size));
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static String buildId(ByteBuffer notes) {
    for (int at = 0; at + 16 <= notes.limit(); ) {
      int nameSize = notes.getInt(at);
      int size = notes.getInt(at + 4);
      long content = at + 12L + (nameSize + 3L & ~3L);
      if (nameSize < 0 || size < 0 || content + size > notes.limit()) {
        return null;
      }
      if (notes.getInt(at + 8) == NT_GNU_BUILD_ID
          && nameSize == 4
          && notes.getInt(at + 12) == GNU) {
        byte[] id = new byte[size];
        notes.get((int) content, id);
        return HexFormat.of().formatHex(id);
      }
      at = (int) Math.min(content + (size + 3L & ~3L), Integer.MAX_VALUE - 32);
    }
    return null;
  }

  /** All functions; {@code null} when the file was stripped of them. */
  SymbolTable allSymbols() throws IOException {
    return table(SHT_SYMTAB, true);
  }

  /** The functions that the file exports; {@code null} when it has no such table. */
  SymbolTable exportedSymbols() throws IOException {
    return table(SHT_DYNSYM, false);
  }

  private SymbolTable table(int type, boolean complete) throws IOException {
    for (Section section : sections) {
      if (section.type == type && section.link > 0 && section.link < sections.size()) {
        SymbolTable.Builder builder = new SymbolTable.Builder(complete);
        long size = section.size - section.size % SymbolTable.ENTRY;
        for (long at = 0; at < size; at += PIECE) {
          builder.add(source.read(section.offset + at, Math.min(PIECE, size - at)));
        }
        return builder.build(strings(sections.get(section.link)));
      }
    }
    return null;
  }

  /** The content of a section; {@code null} when there is none of that name. */
  byte[] section(String name) throws IOException {
    for (Section section : sections) {
      if (section.type != SHT_NOBITS && name.equals(name(section))) {
        return strings(section);
      }
    }
    return null;
  }

  private String name(Section section) {
    int end = section.name;
    while (end >= 0 && end < sectionNames.length && sectionNames[end] != 0) {
      end++;
    }
    return end <= section.name
        ? ""
        : new String(sectionNames, section.name, end - section.name, StandardCharsets.US_ASCII);
  }

  private byte[] strings(Section section) throws IOException {
    if (section.size > MOST_STRINGS || section.type == SHT_NOBITS) {
      throw new IOException("a section of " + section.size + " bytes");
    }
    return source.read(section.offset, section.size).array();
  }
}
