package io.descry.os.symbols;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class MiniDebugInfoTest {
  private static final String NAMES = "\0.symtab\0.gnu_debugdata\0uv__open\0outer\0inner\0";

  /** An ELF file of sections alone: names, symbols, and what is packed in another. */
  private static byte[] elf(byte[] symbols, byte[] packed) {
    byte[] names = NAMES.getBytes(US_ASCII);
    int symbolsAt = 64 + names.length;
    int packedAt = symbolsAt + symbols.length;
    int sectionsAt = packedAt + packed.length;
    ByteBuffer file = ByteBuffer.allocate(sectionsAt + 4 * 64).order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(0, 0x464c457f).putShort(4, (short) 0x0102).putLong(40, sectionsAt);
    file.putShort(58, (short) 64).putShort(60, (short) 4).putShort(62, (short) 1);
    file.put(64, names).put(symbolsAt, symbols).put(packedAt, packed);
    section(file, sectionsAt + 64, 0, 3, 64, names.length);
    section(file, sectionsAt + 128, 1, symbols.length == 0 ? 8 : 2, symbolsAt, symbols.length);
    section(file, sectionsAt + 192, 9, packed.length == 0 ? 8 : 1, packedAt, packed.length);
    return file.array();
  }

  private static void section(ByteBuffer file, int at, int name, int type, long offset, long size) {
    file.putInt(at, name).putInt(at + 4, type).putLong(at + 24, offset).putLong(at + 32, size);
    file.putInt(at + 40, 1);
  }

  private static ByteBuffer symbol(ByteBuffer to, String name, int info, long value, long size) {
    return to.putInt(NAMES.indexOf("\0" + name + "\0") + 1)
        .put((byte) info)
        .put((byte) 0)
        .putShort((short) 1)
        .putLong(value)
        .putLong(size);
  }

  private static byte[] symbols() {
    ByteBuffer symbols = ByteBuffer.allocate(3 * 24).order(ByteOrder.LITTLE_ENDIAN);
    symbol(symbols, "uv__open", 0x02, 0x1000, 0x40);
    symbol(symbols, "outer", 0x12, 0x2000, 0x100);
    symbol(symbols, "inner", 0x02, 0x2040, 0x10);
    return symbols.array();
  }

  private static byte[] packed(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (XZOutputStream out = new XZOutputStream(bytes, new LZMA2Options())) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private static ElfFile file(byte[] bytes) throws IOException {
    return new ElfFile(
        (offset, length) -> {
          if (offset < 0 || length < 0 || offset + length > bytes.length) {
            throw new IOException("beyond the end");
          }
          byte[] piece = Arrays.copyOfRange(bytes, (int) offset, (int) (offset + length));
          return ByteBuffer.wrap(piece).order(ByteOrder.LITTLE_ENDIAN);
        });
  }

  @Test
  void packedNamesAreFound() throws IOException {
    ElfFile stripped = file(elf(new byte[0], packed(elf(symbols(), new byte[0]))));
    assertThat(stripped.allSymbols()).isNull();
    SymbolTable table = MiniDebugInfo.symbols(stripped);
    assertThat(table.name(table.find(0x103f))).isEqualTo("uv__open");
    assertThat(table.find(0x1040)).isEqualTo(-1);
    assertThat(table.name(table.find(0x2045))).isEqualTo("inner");
    assertThat(table.name(table.find(0x2080))).isEqualTo("outer");
  }

  @Test
  void brokenOnesAreRefused() throws IOException {
    byte[] packed = packed(elf(symbols(), new byte[0]));
    packed[packed.length / 2] ^= 0x55;
    ElfFile broken = file(elf(new byte[0], packed));
    assertThatThrownBy(() -> MiniDebugInfo.symbols(broken)).isInstanceOf(IOException.class);
    assertThat(MiniDebugInfo.symbols(file(elf(symbols(), new byte[0])))).isNull();
  }

  @Test
  void noCutFileDoesMoreThanFail() throws IOException {
    byte[] whole = elf(symbols(), packed(elf(symbols(), new byte[0])));
    assertThat(file(whole).allSymbols().size()).isEqualTo(3);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> file(cut)).isInstanceOf(IOException.class);
    }
  }
}
