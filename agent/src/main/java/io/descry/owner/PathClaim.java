package io.descry.owner;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * The files that a handle claims, as the kernel names them: without symbolic links, from the root.
 *
 * @param path of the file or directory
 * @param directory whether all beneath it is claimed, rather than the file and its siblings
 * @param siblings what is appended to the file's name for its siblings
 */
record PathClaim(String path, boolean directory, List<String> siblings) {
  /** What the kernel appends to the target of a deleted file (proc(5), /proc/pid/fd). */
  private static final String DELETED = " (deleted)";

  private static final String URI = "file:";

  /**
   * The claim of a handle; {@code null} when it names no file.
   *
   * @param text what the library was told: a path, or {@code file:} with a path and parameters, as
   *     SQLite takes it
   */
  static PathClaim of(String text, Claim claim) {
    String name = text.startsWith(URI) ? ofUri(text) : text;
    if (name.isEmpty() || name.startsWith(":memory:") || claim.kind() == Claim.Kind.NOTHING) {
      return null;
    }
    try {
      Path absolute = Path.of(name).toAbsolutePath().normalize();
      boolean directory = claim.kind() == Claim.Kind.DIRECTORY;
      return new PathClaim(real(absolute).toString(), directory, claim.siblings());
    } catch (InvalidPathException e) {
      // Not a path of this system, so no file of it either.
      return null;
    }
  }

  /** Whether a descriptor's target is claimed. */
  boolean covers(String target) {
    String file =
        target.endsWith(DELETED) ? target.substring(0, target.length() - DELETED.length()) : target;
    if (!file.startsWith(path)) {
      return false;
    }
    String rest = file.substring(path.length());
    return rest.isEmpty() || (directory ? rest.startsWith("/") : siblings.contains(rest));
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
