package io.descry.lab.owners;

import java.nio.file.Path;

/** A library whose Java objects stand for native descriptors, in use. */
interface Library {
  /**
   * Opens something, and leaves it open.
   *
   * @param directory an empty one, for what it writes
   * @return closes it
   */
  AutoCloseable open(Path directory) throws Exception;
}
