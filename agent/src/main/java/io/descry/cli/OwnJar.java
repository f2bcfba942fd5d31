package io.descry.cli;

import java.nio.file.Path;
import java.util.function.Supplier;

/** The jar that this program runs from. */
final class OwnJar {
  private OwnJar() {}

  /** Its path, absolute; {@code null} when the program is not packaged. */
  static Path path() {
    // The isolated loader, which cannot be named, tells its jar so.
    return OwnJar.class.getClassLoader() instanceof Supplier<?> loader
        ? Path.of((String) loader.get()).toAbsolutePath().normalize()
        : null;
  }
}
