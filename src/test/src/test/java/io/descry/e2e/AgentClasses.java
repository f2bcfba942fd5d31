package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/** What classes the packaged agent brings, in its archive and beside it. */
final class AgentClasses {
  private AgentClasses() {}

  /** Their names. */
  static Set<String> names() throws IOException {
    List<String> entries = new ArrayList<>();
    try (JarFile jar = new JarFile(DescryJvm.JAR.toFile())) {
      jar.stream().map(JarEntry::getName).forEach(entries::add);
      DataInputStream archive =
          new DataInputStream(jar.getInputStream(jar.getEntry("isolated/archive")));
      List<int[]> lengths = new ArrayList<>();
      for (int left = archive.readInt(); left > 0; left--) {
        archive.skipNBytes(8);
        lengths.add(new int[] {archive.readInt(), archive.readInt()});
        archive.skipNBytes(4);
      }
      for (int[] length : lengths) {
        entries.add(new String(archive.readNBytes(length[0]), StandardCharsets.US_ASCII));
        archive.skipNBytes(length[1]);
      }
      assertThat(archive.read()).as("the end").isNegative();
    }
    return entries.stream()
        .filter(name -> name.endsWith(".class"))
        .filter(name -> !name.contains("META-INF/") && !name.contains("module-info"))
        .map(name -> name.replaceFirst("\\.class$", "").replace('/', '.'))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
