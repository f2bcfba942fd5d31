package io.descry.os.symbols;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Bytes that are read in pieces: a file, or memory. */
interface ByteSource {
  /**
   * Reads a piece, little-endian.
   *
   * @throws IOException when it cannot be read whole, or is larger than fits in an array
   */
  ByteBuffer read(long offset, long length) throws IOException;
}
