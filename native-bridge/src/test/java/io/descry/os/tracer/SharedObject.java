package io.descry.os.tracer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A 64-bit little-endian ELF file, as far as it matters where it can be loaded: section headers,
 * dynamic section, dynamic symbols and the versions that it needs. Offsets are those of elf(5).
 */
final class SharedObject {
  private static final int NEEDED = 1;
  private static final int SYMBOL_SIZE = 24;

  private record Section(long offset, long size, int info) {}

  private final ByteBuffer file;
  private final Map<String, Section> sections = new LinkedHashMap<>();

  SharedObject(byte[] content) {
    file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    if (file.getInt(0) != 0x464c457f || file.get(4) != 2 || file.get(5) != 1) {
      throw new IllegalArgumentException("not ELF, 64 bits, little-endian");
    }
    int size = file.getShort(58);
    int count = file.getShort(60);
    List<Section> inOrder = new ArrayList<>();
    List<Integer> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int at = (int) file.getLong(40) + i * size;
      names.add(file.getInt(at));
      inOrder.add(new Section(file.getLong(at + 24), file.getLong(at + 32), file.getInt(at + 44)));
    }
    Section strings = inOrder.get(file.getShort(62));
    for (int i = 0; i < count; i++) {
      sections.put(string(strings, names.get(i)), inOrder.get(i));
    }
  }

  /** EM_X86_64 is 62, EM_AARCH64 183. */
  int machine() {
    return file.getShort(18);
  }

  /** Names of its sections, in their order. */
  List<String> sections() {
    return List.copyOf(sections.keySet());
  }

  /** Libraries that the loader loads with it. */
  List<String> needed() {
    List<String> needed = new ArrayList<>();
    Section dynamic = sections.get(".dynamic");
    for (long at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
      if (file.getLong((int) at) == NEEDED) {
        needed.add(string(sections.get(".dynstr"), (int) file.getLong((int) at + 8)));
      }
    }
    return needed;
  }

  /** The value of an entry of the dynamic section, 0 where there is none. */
  long dynamic(long tag) {
    Section dynamic = sections.get(".dynamic");
    for (long at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
      if (file.getLong((int) at) == tag) {
        return file.getLong((int) at + 8);
      }
    }
    return 0;
  }

  /** The flags of the first segment of a type: execute 1, write 2, read 4; -1 without one. */
  int segmentFlags(int type) {
    for (int i = 0; i < file.getShort(56); i++) {
      int at = (int) file.getLong(32) + i * file.getShort(54);
      if (file.getInt(at) == type) {
        return file.getInt(at + 4);
      }
    }
    return -1;
  }

  /** Names that other objects can bind to. */
  TreeSet<String> exported() {
    TreeSet<String> names = new TreeSet<>();
    Section symbols = sections.get(".dynsym");
    for (long at = symbols.offset + SYMBOL_SIZE;
        at < symbols.offset + symbols.size;
        at += SYMBOL_SIZE) {
      int section = file.getShort((int) at + 6);
      if (section != 0) {
        names.add(string(sections.get(".dynstr"), file.getInt((int) at)));
      }
    }
    return names;
  }

  /** The versions of other objects' symbols that it needs, as {@code "GLIBC_2.17"}. */
  TreeSet<String> versions() {
    TreeSet<String> versions = new TreeSet<>();
    Section needs = sections.get(".gnu.version_r");
    int at = (int) needs.offset;
    for (int i = 0; i < needs.info; i++) {
      int version = at + file.getInt(at + 8);
      for (int j = 0; j < file.getShort(at + 2); j++) {
        versions.add(string(sections.get(".dynstr"), file.getInt(version + 8)));
        version += file.getInt(version + 12);
      }
      at += file.getInt(at + 12);
    }
    return versions;
  }

  private String string(Section strings, int offset) {
    int begin = (int) strings.offset + offset;
    int end = begin;
    while (file.get(end) != 0) {
      end++;
    }
    return new String(file.array(), begin, end - begin, StandardCharsets.US_ASCII);
  }
}
