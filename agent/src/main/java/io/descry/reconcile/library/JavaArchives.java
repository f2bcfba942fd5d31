package io.descry.reconcile.library;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The jars that this JVM uses. */
final class JavaArchives {
  private static final Pattern NAME = Pattern.compile("(?i).*\\.(?:jar|war|ear|zip)");
  private static final String DESCRIPTORS = "/proc/self/fd";

  private JavaArchives() {}

  /**
   * Those that are open, whichever class loader has them, then those of the class path. Class
   * loaders keep the jars open that they have loaded from (jdk.internal.loader.URLClassPath, and
   * other loaders likewise).
   */
  static List<Path> ofThisProcess() {
    Set<Path> archives = new LinkedHashSet<>();
    String[] numbers = new File(DESCRIPTORS).list();
    if (numbers != null) {
      for (String number : numbers) {
        try {
          add(archives, Files.readSymbolicLink(Path.of(DESCRIPTORS, number)).toString());
        } catch (IOException e) {
          // Closed since the listing, as the listing's own descriptor always is.
          continue;
        }
      }
    }
    for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator)) {
      add(archives, entry);
    }
    return List.copyOf(archives);
  }

  private static void add(Set<Path> archives, String name) {
    File file = new File(name);
    if (NAME.matcher(name).matches() && file.isFile()) {
      archives.add(file.toPath().toAbsolutePath());
    }
  }
}
