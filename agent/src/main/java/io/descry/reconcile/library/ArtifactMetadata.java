package io.descry.reconcile.library;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** What a jar says about the artifact that it is, or has within it. */
final class ArtifactMetadata {
  private static final Pattern POM =
      Pattern.compile("META-INF/maven/[^/]+/([^/]+)/pom\\.properties");

  /** {@code name-1.2.3-4.jar}, {@code name-1.2.3.Final-linux-x86_64.jar}. */
  private static final Pattern FILE =
      Pattern.compile(
          "(?<id>.+?)-(?<version>\\d[0-9A-Za-z.+]*(?:-(?:\\d+|SNAPSHOT|[A-Za-z]+\\.?\\d+(?![A-Za-z_0-9])))*)"
              + "(?:-[A-Za-z].*)?\\.jar");

  /** Where Netty keeps the versions of its parts; it survives shading. */
  private static final String NETTY = "META-INF/io.netty.versions.properties";

  private static final Pattern LEADING_VERSION = Pattern.compile("(\\d[0-9A-Za-z.+-]*).*");

  private static final int MOST_BYTES = 1 << 16;

  private final ZipFile archive;
  private final String file;
  private final Pattern id;

  /**
   * Of one jar.
   *
   * @param file its name
   * @param id which artifact is looked for; {@code null} for any, when the jar has one only
   */
  ArtifactMetadata(ZipFile archive, String file, Pattern id) {
    this.archive = archive;
    this.file = file;
    this.id = id;
  }

  /** The jar's artifact; {@code null} when the jar does not tell. */
  Artifact ofArchive() throws IOException {
    Artifact found = ofPom();
    if (found == null) {
      found = ofNetty();
    }
    if (found == null) {
      found = ofName(file);
    }
    return found == null ? ofManifest() : found;
  }

  /** The artifact among the jars within this one, as Spring Boot and war files have them. */
  Artifact ofNested() {
    if (id == null) {
      return null;
    }
    Set<Artifact> found = new HashSet<>();
    archive.stream()
        .map(ZipEntry::getName)
        .filter(name -> name.endsWith(".jar"))
        .map(name -> ofName(name.substring(name.lastIndexOf('/') + 1)))
        .filter(artifact -> artifact != null)
        .forEach(found::add);
    return found.size() == 1 ? found.iterator().next() : null;
  }

  private Artifact ofPom() throws IOException {
    List<? extends ZipEntry> poms =
        archive.stream().filter(entry -> POM.matcher(entry.getName()).matches()).toList();
    for (ZipEntry entry : poms) {
      Matcher pom = POM.matcher(entry.getName());
      boolean isIt = id == null ? poms.size() == 1 : pom.matches() && isId(pom.group(1));
      if (isIt && pom.matches()) {
        return new Artifact(pom.group(1), properties(entry).getProperty("version"));
      }
    }
    return null;
  }

  private Artifact ofNetty() throws IOException {
    ZipEntry entry = archive.getEntry(NETTY);
    if (entry == null || id == null) {
      return null;
    }
    Properties versions = properties(entry);
    for (String key : versions.stringPropertyNames()) {
      String name = key.replaceFirst("\\.version$", "");
      if (!name.equals(key) && isId(name)) {
        return new Artifact(name, versions.getProperty(key));
      }
    }
    return null;
  }

  private Artifact ofName(String name) {
    Matcher matcher = FILE.matcher(name);
    return matcher.matches() && (id == null || isId(matcher.group("id")))
        ? new Artifact(matcher.group("id"), matcher.group("version"))
        : null;
  }

  /** Only where the manifest is about that artifact: that of a merged jar is its application's. */
  private Artifact ofManifest() throws IOException {
    ZipEntry entry = archive.getEntry("META-INF/MANIFEST.MF");
    if (entry == null || id == null) {
      return null;
    }
    Attributes main;
    try (InputStream in = archive.getInputStream(entry)) {
      main = new Manifest(in).getMainAttributes();
    }
    for (String key : List.of("Implementation-Title", "Bundle-Name", "Bundle-SymbolicName")) {
      String title = main.getValue(key);
      if (title != null && isId(title.substring(title.lastIndexOf('.') + 1))) {
        String version = main.getValue("Implementation-Version");
        version = version == null ? main.getValue("Bundle-Version") : version;
        Matcher leading = LEADING_VERSION.matcher(version == null ? "" : version);
        return leading.matches() ? new Artifact(title, leading.group(1)) : null;
      }
    }
    return null;
  }

  private boolean isId(String name) {
    return id.matcher(name).matches();
  }

  private Properties properties(ZipEntry entry) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = archive.getInputStream(entry)) {
      byte[] bytes = in.readNBytes(MOST_BYTES);
      properties.load(new ByteArrayInputStream(bytes));
    }
    return properties;
  }
}
