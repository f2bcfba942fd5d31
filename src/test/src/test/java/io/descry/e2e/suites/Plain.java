package io.descry.e2e.suites;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Knows nothing of Descry. */
class Plain {
  @Test
  void leaks() throws IOException {
    new FileInputStream(Path.of(System.getProperty("java.home"), "release").toFile()).read();
  }

  @Test
  void leaksNothing() {}
}
