package io.descry.os;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A native library that is written to a directory of its own, which nobody else may enter, loaded
 * from there and deleted. For one thread.
 */
public final class PrivateLibrary {
  private static final int STICKY = 01000;
  private static final int OTHERS_WRITE = 0002;

  private final String name;
  private final byte[] content;
  private final List<String> refusals = new ArrayList<>();

  /** A library of this content, to be written to a file of this name; nothing is written yet. */
  public PrivateLibrary(String name, byte[] content) {
    this.name = name;
    this.content = content;
  }

  /** Where a file may be written and mapped, the likeliest and least intrusive first. */
  public static List<Path> directories() {
    String runtime = System.getenv("XDG_RUNTIME_DIR");
    String home = System.getProperty("user.home");
    Set<Path> all = new LinkedHashSet<>();
    Stream.of(
            System.getProperty("java.io.tmpdir"),
            runtime,
            "/dev/shm",
            "/tmp",
            "/var/tmp",
            home == null ? null : home + "/.cache",
            System.getProperty("user.dir"))
        .filter(Objects::nonNull)
        .filter(text -> text.startsWith("/"))
        .map(Path::of)
        .forEach(all::add);
    return List.copyOf(all);
  }

  /** What the directories tried so far answered, one line each. */
  public List<String> refusals() {
    return List.copyOf(refusals);
  }

  /**
   * Loads the library from the first directory that allows it, and then runs {@code start} while
   * the file is still there.
   *
   * @return the path that it was loaded from, now deleted; {@code null} when no directory allowed
   *     it
   * @throws LinkageError from {@code start}, which another directory would not cure
   */
  public Path load(List<Path> directories, Consumer<Path> start) {
    for (Path directory : directories) {
      Path file = write(directory);
      if (file == null) {
        continue;
      }
      try {
        if (loads(file)) {
          start.accept(file);
          return file;
        }
      } finally {
        delete(file);
        delete(file.getParent());
      }
    }
    return null;
  }

  private boolean loads(Path file) {
    try {
      System.load(file.toString());
      return true;
    } catch (UnsatisfiedLinkError e) {
      // The message begins with the path, from the JVM and from the system's loader.
      refuse(file.getParent().getParent(), e.getMessage().replace(file + ": ", ""));
      return false;
    }
  }

  private Path write(Path directory) {
    Path own = null;
    try {
      // Nobody may rename what is Descry's: in a directory open to all, only the sticky bit says
      // so.
      int mode = (Integer) Files.getAttribute(directory, "unix:mode");
      if ((mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0) {
        throw new IOException("writable by everybody and without the sticky bit");
      }
      own = create(directory.toRealPath());
      Path file = own.resolve(name);
      // Not Files.write: its class opens a socket pair for good in JDK 17.
      try (OutputStream out = new FileOutputStream(file.toFile())) {
        out.write(content);
      }
      return file;
    } catch (IOException | UnsupportedOperationException e) {
      refuse(directory, text(e));
      if (own != null) {
        delete(own.resolve(name));
        delete(own);
      }
      return null;
    }
  }

  /**
   * Makes a directory for this process alone. Creating fails if the name is there, be it as a link,
   * so the name need be no secret; Files.createTempDirectory would take one from SecureRandom,
   * which opens /dev/random and /dev/urandom for good.
   */
  private static Path create(Path directory) throws IOException {
    String unused = "descry-" + Long.toHexString(System.nanoTime());
    return Files.createDirectory(
        directory.resolve(unused),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  private void refuse(Path directory, String reason) {
    refusals.add(directory + ": " + reason);
  }

  /** Without the random name that the message of a FileSystemException consists of. */
  private static String text(Throwable reason) {
    if (reason instanceof FileSystemException refused) {
      String text = refused.getReason();
      return text == null ? refused.getClass().getSimpleName() : text;
    }
    return reason.getMessage();
  }

  private void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      refusals.add(path + ": left behind: " + e.getMessage());
    }
  }
}
