package io.descry.owner;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The files that a handle claims, as the system names them: on Linux without symbolic links, on
 * Windows as they were opened, in either case and with whatever short names and links they were
 * opened by. From the root.
 *
 * @param path of the file or directory, without links
 * @param given the path as it was given, where the system keeps that; else equal to {@code path}
 * @param directory whether all beneath it is claimed, rather than the file and its siblings
 * @param siblings what is appended to the file's name for its siblings
 * @param separator between the names of a path
 */
record PathClaim(
    String path, String given, boolean directory, List<String> siblings, String separator) {
  /** What the kernel appends to the target of a deleted file (proc(5), /proc/pid/fd). */
  private static final String DELETED = " (deleted)";

  private static final String URI = "file:";
  private static final String WINDOWS = "\\";

  /** As a URI has a path with a drive (RFC 8089, appendix E.2), and SQLite takes it. */
  private static final Pattern AFTER_ROOT = Pattern.compile("/[A-Za-z]:");

  /**
   * The claim of a handle; {@code null} when it names no file.
   *
   * @param text what the library was told: a path, or {@code file:} with a path and parameters, as
   *     SQLite takes it
   */
  static PathClaim of(String text, Claim claim) {
    return of(text, claim, FileSystems.getDefault());
  }

  /** The same, in another file system. */
  static PathClaim of(String text, Claim claim, FileSystem system) {
    String separator = system.getSeparator();
    String name = text.startsWith(URI) ? ofUri(text) : text;
    if (separator.equals(WINDOWS) && AFTER_ROOT.matcher(name).lookingAt()) {
      name = name.substring(1);
    }
    if (name.isEmpty() || name.startsWith(":memory:") || claim.kind() == Claim.Kind.NOTHING) {
      return null;
    }
    try {
      Path absolute = system.getPath(name).toAbsolutePath().normalize();
      String real = real(absolute).toString();
      return new PathClaim(
          real,
          separator.equals(WINDOWS) ? absolute.toString() : real,
          claim.kind() == Claim.Kind.DIRECTORY,
          claim.siblings(),
          separator);
    } catch (InvalidPathException e) {
      // Not a path of this system, so no file of it either.
      return null;
    }
  }

  /** Whether a descriptor's target is claimed. */
  boolean covers(String target) {
    String file =
        target.endsWith(DELETED) ? target.substring(0, target.length() - DELETED.length()) : target;
    return covers(path, file) || !given.equals(path) && covers(given, file);
  }

  private boolean covers(String claimed, String file) {
    boolean anyCase = separator.equals(WINDOWS);
    if (!file.regionMatches(anyCase, 0, claimed, 0, claimed.length())) {
      return false;
    }
    String rest = file.substring(claimed.length());
    return rest.isEmpty() || (directory ? rest.startsWith(separator) : siblings.contains(rest));
  }

  private static String ofUri(String text) {
    String path = text.substring(URI.length());
    for (char end : new char[] {'?', '#'}) {
      int at = path.indexOf(end);
      path = at < 0 ? path : path.substring(0, at);
    }
    // With an authority, which SQLite takes only when it is empty or localhost.
    return path.startsWith("//") ? path.substring(Math.max(path.indexOf('/', 2), 0)) : path;
  }

  private static Path real(Path absolute) {
    try {
      return absolute.toRealPath();
    } catch (IOException e) {
      // It is gone already; then its directory may still tell where it was.
      Path parent = absolute.getParent();
      try {
        return parent == null ? absolute : parent.toRealPath().resolve(absolute.getFileName());
      } catch (IOException gone) {
        return absolute;
      }
    }
  }
}
