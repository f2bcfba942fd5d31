package io.descry.reconcile.library;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Finds the artifact that carries a native library, in the jars that the JVM uses. Where the
 * library has a build id, only the jar with that very file counts; else all jars that have a file
 * of its name must agree. Loads no class.
 *
 * @param archives the jars
 */
record ArtifactSearch(Supplier<List<Path>> archives) {
  /** Where linkers put notes: behind the program headers. */
  private static final int HEAD = 1 << 15;

  /** An artifact and whether its file is known to be the one that is loaded. */
  private record Found(Artifact artifact, boolean isSure) {}

  /** The version of a known library's artifact; {@code null} when there is none to be sure of. */
  String version(KnownLibrary known, String buildId) {
    Predicate<String> files = name -> known.files().matcher(name).matches();
    Artifact artifact = search(files, buildId, Pattern.compile(known.artifact()));
    return artifact == null ? null : artifact.version();
  }

  /**
   * The artifact that carries a library that Descry does not know.
   *
   * @param stem what its file's name begins with
   * @return {@code null} when there is none to be sure of
   */
  Artifact carrying(String stem, String buildId) {
    Predicate<String> files = name -> name.startsWith(stem) && name.contains(".so");
    return search(files, buildId, null);
  }

  private Artifact search(Predicate<String> files, String buildId, Pattern id) {
    Set<Artifact> all = new HashSet<>();
    for (Path archive : archives.get()) {
      Found found = in(archive, files, buildId, id);
      if (found != null && found.isSure) {
        return found.artifact;
      }
      if (found != null) {
        all.add(found.artifact);
      }
    }
    return all.size() == 1 ? all.iterator().next() : null;
  }

  private static Found in(Path path, Predicate<String> files, String buildId, Pattern id) {
    try (ZipFile archive = new ZipFile(path.toFile())) {
      ArtifactMetadata metadata = new ArtifactMetadata(archive, path.getFileName().toString(), id);
      List<? extends ZipEntry> candidates =
          archive.stream().filter(entry -> files.test(name(entry))).toList();
      if (candidates.isEmpty()) {
        return found(metadata.ofNested(), false);
      }
      if (buildId == null) {
        return found(metadata.ofArchive(), false);
      }
      for (ZipEntry candidate : candidates) {
        if (has(archive, candidate, buildId)) {
          return found(metadata.ofArchive(), true);
        }
      }
      return null;
    } catch (IOException | IllegalArgumentException e) {
      return null; // No jar, gone, not readable, or no descriptor left: it tells nothing.
    }
  }

  private static Found found(Artifact artifact, boolean isSure) {
    return artifact == null ? null : new Found(artifact, isSure);
  }

  private static String name(ZipEntry entry) {
    return entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
  }

  private static boolean has(ZipFile archive, ZipEntry entry, String buildId) throws IOException {
    try (InputStream in = archive.getInputStream(entry)) {
      return HexFormat.of().formatHex(in.readNBytes(HEAD)).contains(buildId);
    }
  }
}
