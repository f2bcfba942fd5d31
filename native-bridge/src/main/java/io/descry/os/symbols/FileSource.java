package io.descry.os.symbols;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes of an open file.
 *
 * @param file is not closed here
 */
record FileSource(RandomAccessFile file) implements ByteSource {
  @Override
  public ByteBuffer read(long offset, long length) throws IOException {
    if (offset < 0 || length < 0 || length > file.length() - offset) {
      throw new IOException("the file ends before " + offset + "+" + length);
    }
    if (length > Integer.MAX_VALUE - 8) {
      throw new IOException("too large: " + length);
    }
    byte[] bytes = new byte[(int) length];
    file.seek(offset);
    file.readFully(bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
