package io.descry.os.windows;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryFlag;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * Loads a DLL from a directory of its own, which nobody but this user may write to: Windows looks
 * there first for what the DLL needs. The file cannot be deleted while it is loaded; the next
 * process that loads one deletes what ended ones left behind.
 */
public final class TemporaryDll {
  private static final String PREFIX = "descry-dll-";

  private TemporaryDll() {}

  /**
   * Writes and loads it, then runs {@code start}.
   *
   * @param name the file's name
   * @param content its content
   * @param start is given the file
   * @return the file
   * @throws IOException when the directory of temporary files takes none
   * @throws LinkageError when the file cannot be loaded, or from {@code start}
   */
  public static Path load(String name, byte[] content, Consumer<Path> start) throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toRealPath();
    deleteWhatOthersLeft(temporary, name);
    // The name need be no secret: creating fails when it is there.
    Path directory =
        Files.createDirectory(temporary.resolve(PREFIX + Long.toHexString(System.nanoTime())));
    Path file = directory.resolve(name);
    try {
      close(directory);
      try (OutputStream out = new FileOutputStream(file.toFile())) {
        out.write(content);
      }
      System.load(file.toString());
    } catch (IOException | LinkageError e) {
      Files.deleteIfExists(file);
      Files.deleteIfExists(directory);
      throw e;
    }
    start.accept(file);
    return file;
  }

  /** Leaves the directory to its owner; what others may have put there before must not be there. */
  private static void close(Path directory) throws IOException {
    AclFileAttributeView view = Files.getFileAttributeView(directory, AclFileAttributeView.class);
    if (view == null) {
      throw new IOException(directory + " has no access list");
    }
    view.setAcl(
        List.of(
            AclEntry.newBuilder()
                .setType(AclEntryType.ALLOW)
                .setPrincipal(view.getOwner())
                .setPermissions(EnumSet.allOf(AclEntryPermission.class))
                .setFlags(AclEntryFlag.FILE_INHERIT, AclEntryFlag.DIRECTORY_INHERIT)
                .build()));
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      if (entries.iterator().hasNext()) {
        throw new IOException(directory + " was written to by somebody else");
      }
    }
  }

  static void deleteWhatOthersLeft(Path temporary, String name) throws IOException {
    Instant recently = Instant.now().minus(Duration.ofMinutes(1));
    try (DirectoryStream<Path> left = Files.newDirectoryStream(temporary, PREFIX + "*")) {
      for (Path directory : left) {
        try {
          // Another process may be about to load a new one.
          if (Files.getLastModifiedTime(directory).toInstant().isBefore(recently)) {
            Files.deleteIfExists(directory.resolve(name));
            Files.deleteIfExists(directory);
          }
        } catch (IOException e) {
          // Loaded by a process that lives, another user's, or not Descry's alone.
        }
      }
    }
  }
}
