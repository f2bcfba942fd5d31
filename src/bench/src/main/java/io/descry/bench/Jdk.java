package io.descry.bench;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * A JDK to measure.
 *
 * @param home where it is
 * @param version as its file {@code release} says, such as {@code 17.0.15}
 */
record Jdk(Path home, String version) {

  /** The JDK with this home; throws if it is none. */
  static Jdk at(String home) throws IOException {
    Properties release = new Properties();
    try (Reader in = Files.newBufferedReader(Path.of(home, "release"))) {
      release.load(in);
    }
    return new Jdk(
        Path.of(home).toAbsolutePath(), release.getProperty("JAVA_VERSION").replace("\"", ""));
  }

  /** Its launcher. */
  String java() {
    return home.resolve("bin/java").toString();
  }

  /** Such as {@code JDK 17}. */
  String name() {
    return "JDK " + version.split("\\.")[0];
  }
}
