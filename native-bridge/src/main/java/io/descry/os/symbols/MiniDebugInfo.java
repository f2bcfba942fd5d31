package io.descry.os.symbols;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.tukaani.xz.XZInputStream;

/**
 * The names of local functions that Fedora, RHEL and their kin leave in stripped files: an ELF file
 * packed by xz in the section {@code .gnu_debugdata} (gdb's manual, "MiniDebugInfo").
 */
final class MiniDebugInfo {
  private static final int MOST_BYTES = 64 << 20;

  /** What unpacking may take, in KiB; packed by xz's default it takes 9 MiB at most. */
  private static final int MOST_MEMORY = 32 << 10;

  private MiniDebugInfo() {}

  /** {@code null} when the file has none. */
  static SymbolTable symbols(ElfFile elf) throws IOException {
    byte[] packed = elf.section(".gnu_debugdata");
    if (packed == null) {
      return null;
    }
    byte[] bytes;
    try (InputStream in = new XZInputStream(new ByteArrayInputStream(packed), MOST_MEMORY)) {
      bytes = in.readNBytes(MOST_BYTES);
    }
    return new ElfFile((offset, length) -> piece(bytes, offset, length)).allSymbols();
  }

  private static ByteBuffer piece(byte[] bytes, long offset, long length) throws IOException {
    if (offset < 0 || length < 0 || length > bytes.length - offset) {
      throw new IOException("the packed file ends before " + offset + "+" + length);
    }
    byte[] copy = new byte[(int) length];
    System.arraycopy(bytes, (int) offset, copy, 0, copy.length);
    return ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
  }
}
