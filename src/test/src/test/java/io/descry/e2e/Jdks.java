package io.descry.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The JDKs on which every end-to-end test runs: those of {@code DESCRY_TEST_JDKS} (homes, joined by
 * the path separator), else one 17 and the newest other one of the running JDK and what stands
 * under {@code /usr/lib/jvm}.
 */
final class Jdks {
  private static final List<Jdk> ALL = find();

  private Jdks() {}

  /**
   * What to test on; the source of parameterised tests.
   *
   * @throws IllegalStateException when {@code CI=true} and 17 and a newer one are not both there
   */
  static Stream<Jdk> all() {
    boolean both =
        ALL.stream().anyMatch(jdk -> jdk.feature() == 17)
            && ALL.stream().anyMatch(jdk -> jdk.feature() > 17);
    if (!both && "true".equals(System.getenv("CI"))) {
      throw new IllegalStateException("needs JDK 17 and a newer one, but found " + ALL);
    }
    return ALL.stream();
  }

  private static List<Jdk> find() {
    String named = System.getenv("DESCRY_TEST_JDKS");
    if (named != null && !named.isBlank()) {
      return Stream.of(named.split(java.io.File.pathSeparator))
          .map(Path::of)
          .map(Jdks::jdk)
          .toList();
    }
    TreeMap<Integer, Jdk> byFeature = new TreeMap<>();
    List<Path> homes = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
    Path shelf = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(shelf)) {
      try (Stream<Path> listed = Files.list(shelf)) {
        listed.sorted().forEach(homes::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    homes.stream()
        .filter(home -> Files.isExecutable(home.resolve("bin/javac")))
        .filter(home -> Files.exists(home.resolve("release")))
        .map(Jdks::jdk)
        .filter(jdk -> jdk.feature() >= 17)
        .forEach(jdk -> byFeature.putIfAbsent(jdk.feature(), jdk));
    List<Jdk> chosen = new ArrayList<>();
    if (byFeature.containsKey(17)) {
      chosen.add(byFeature.get(17));
    }
    if (!byFeature.isEmpty() && byFeature.lastKey() != 17) {
      chosen.add(byFeature.lastEntry().getValue());
    }
    return List.copyOf(chosen);
  }

  private static Jdk jdk(Path home) {
    Properties release = new Properties();
    try (InputStream in = Files.newInputStream(home.resolve("release"))) {
      release.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String version = release.getProperty("JAVA_VERSION").replace("\"", "");
    return new Jdk(home, Runtime.Version.parse(version).feature());
  }

  /**
   * One JDK.
   *
   * @param home where it stands
   * @param feature its feature release, such as 17
   */
  record Jdk(Path home, int feature) {
    String tool(String name) {
      return home.resolve("bin").resolve(name).toString();
    }

    @Override
    public String toString() {
      return "jdk-" + feature;
    }
  }
}
