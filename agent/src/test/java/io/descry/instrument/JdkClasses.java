package io.descry.instrument;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import net.bytebuddy.jar.asm.ClassReader;

/** The classes of the JDK that runs this, as its image has them. */
final class JdkClasses {
  private JdkClasses() {}

  /** All classes of all modules, by internal name. */
  static Map<String, byte[]> all() {
    FileSystem image = FileSystems.getFileSystem(URI.create("jrt:/"));
    Map<String, byte[]> classes = new HashMap<>();
    try (Stream<Path> files = Files.walk(image.getPath("/modules"))) {
      files
          .filter(file -> file.toString().endsWith(".class"))
          .filter(file -> !file.endsWith("module-info.class"))
          .forEach(
              file -> {
                byte[] bytes = read(file);
                classes.put(new ClassReader(bytes).getClassName(), bytes);
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return classes;
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
