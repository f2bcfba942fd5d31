package io.descry.os.symbols;

import io.descry.os.linux.ProcessMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The memory of a loaded object, by address. It may be unloaded meanwhile. */
record ImageSource(Image image, ProcessMemory memory) implements ByteSource {
  @Override
  public ByteBuffer read(long address, long length) throws IOException {
    if (address < image.begin() || length < 0 || length > image.end() - address) {
      throw new IOException("outside of the object");
    }
    if (length > Integer.MAX_VALUE - 8) {
      throw new IOException("too large: " + length);
    }
    byte[] bytes = new byte[(int) length];
    memory.read(address, bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
