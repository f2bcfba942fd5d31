package io.descry.instrument;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import net.bytebuddy.jar.asm.ClassReader;

/**
 * The classes that a JDK for Windows has, of the feature version that runs this: of 25 from the
 * image of one, which the build unpacks from Maven Central; of 17 compiled here from Debian's
 * source of OpenJDK, as no image of that is to be had.
 */
final class WindowsJdk {
  private static final Path IMAGE =
      Path.of("target/windows-jdk-25/META-INF/resources/java/espresso-runtime-jdk25/windows/amd64");
  private static final Path SOURCES = Path.of("/usr/src/descry-openjdk-17/src/java.base");

  private WindowsJdk() {}

  /** By internal name. */
  static Map<String, byte[]> classes(Path scratch) throws IOException {
    return Runtime.version().feature() == 17 ? compiled(scratch) : ofImage();
  }

  private static Map<String, byte[]> ofImage() throws IOException {
    try (FileSystem image =
        FileSystems.newFileSystem(
            URI.create("jrt:/"), Map.of("java.home", IMAGE.toAbsolutePath().toString()))) {
      return in(image.getPath("/modules"));
    }
  }

  private static Map<String, byte[]> compiled(Path scratch) throws IOException {
    Path windows = SOURCES.resolve("windows/classes");
    boolean there = Files.isDirectory(windows);
    assumeTrue(there || "true".equals(System.getenv("CI")), "no source of OpenJDK 17, see .ci/run");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-nowarn",
                "-proc:none",
                "-XDignore.symbol.file",
                "-implicit:class",
                "--patch-module",
                "java.base=" + windows + ":" + SOURCES.resolve("share/classes"),
                "-d",
                scratch.toString()));
    try (Stream<Path> files = Files.walk(windows)) {
      files.map(Path::toString).filter(name -> name.endsWith(".java")).forEach(arguments::add);
    }
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    if (status != 0) {
      throw new IOException("javac does not compile " + windows);
    }
    return in(scratch);
  }

  private static Map<String, byte[]> in(Path root) throws IOException {
    Map<String, byte[]> classes = new HashMap<>();
    List<Path> files;
    try (Stream<Path> all = Files.walk(root)) {
      files =
          all.filter(file -> file.toString().endsWith(".class"))
              .filter(file -> !file.endsWith("module-info.class"))
              .collect(Collectors.toList());
    }
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      classes.put(new ClassReader(bytes).getClassName(), bytes);
    }
    return classes;
  }
}
