package io.descry.lab.ways;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Where ways find fresh files, directories and archives, and the port of the peer. Single-threaded.
 */
final class Place {
  private final Path root;
  private final int port;
  private int made;

  Place(Path root, int port) {
    this.root = root;
    this.port = port;
  }

  /**
   * The peer's port on the loopback address: whoever connects is accepted, and held until it
   * closes.
   */
  int port() {
    return port;
  }

  /** A path at which nothing is. */
  Path absent() {
    return root.resolve("way-" + made++);
  }

  /** A fresh file of one line. */
  Path file() throws IOException {
    return Files.writeString(absent(), "line\n");
  }

  /** A fresh directory with a file and a directory in it. */
  Path directory() throws IOException {
    Path directory = Files.createDirectory(absent());
    Files.writeString(directory.resolve("file"), "line\n");
    Files.createDirectory(directory.resolve("below"));
    return directory;
  }

  /** A fresh archive with one entry, {@code entry.txt}. */
  Path archive() throws IOException {
    Path archive = root.resolve("way-" + made++ + ".jar");
    try (OutputStream out = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("entry.txt"));
      zip.write("line\n".getBytes(StandardCharsets.UTF_8));
      zip.closeEntry();
    }
    return archive;
  }
}
