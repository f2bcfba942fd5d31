package io.descry.report;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Where reports go. A report appears under its name whole or not at all, readable by its owner
 * only.
 *
 * <p>It is written to a new {@linkplain PrivateFile private file} beside its name and then renamed.
 * rename(2) replaces a symbolic link at the name itself and never touches what the link points to.
 * Nothing is synced to disk: a report that a power cut loses is not missed.
 *
 * <p>Needs one descriptor, while it writes, and no other: the caller who may be at the limit gives
 * up a spare one before the call, and had better have written a report of some kind before, as
 * classes that are loaded on first use come from files too.
 *
 * @param base path to which a dot and the format's extension are added; {@code %p} stands for the
 *     process id, {@code %t} for the time of the report in UTC, such as {@code 20261123T101500Z}
 */
public record ReportFile(String base) {
  private static final int TRIES = 16;

  /**
   * The path of a report, as given: relative when the base is.
   *
   * @throws InvalidPathException when the file system cannot have such a name
   */
  public Path path(long pid, Instant written, String extension) {
    String time = Words.time(written).replace("-", "").replace(":", "").replace(' ', 'T') + "Z";
    String expanded = base.replace("%p", Long.toString(pid)).replace("%t", time);
    return Path.of(expanded + "." + extension);
  }

  /**
   * Writes a report, in place of an older one of that name.
   *
   * @return the absolute path that the report has now
   * @throws IOException when it could not be written, with a message for an operator that names the
   *     path; nothing is left behind then, and an older report is as it was
   */
  public Path write(ReportFormat format, ReportData data) throws IOException {
    Path path;
    try {
      path = path(data.process().pid(), data.written(), format.extension()).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw new IOException("no report is written, its path is no path: " + e.getMessage(), e);
    }
    Path directory = path.getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new IOException("report " + path + " is not written: no directory " + directory);
    }
    try {
      replace(path, directory, format, data);
    } catch (IOException e) {
      throw new IOException("report " + path + " is not written: " + e, e);
    }
    return path;
  }

  private static void replace(Path path, Path directory, ReportFormat format, ReportData data)
      throws IOException {
    Path unfinished = null;
    boolean moved = false;
    try {
      for (int left = TRIES; unfinished == null; left--) {
        Path candidate = directory.resolve("." + path.getFileName() + "." + suffix() + ".tmp");
        try (SeekableByteChannel channel = PrivateFile.create(candidate)) {
          unfinished = candidate;
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
          format.write(data, out);
          out.flush();
        } catch (FileAlreadyExistsException e) {
          // Somebody's file or link, which is theirs to keep: try another name.
          if (left <= 1) {
            throw e;
          }
        }
      }
      Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
      moved = true;
    } finally {
      if (unfinished != null && !moved) {
        Files.deleteIfExists(unfinished);
      }
    }
  }

  // Not SecureRandom: that opens /dev/random, and O_EXCL makes guessing the name useless.
  private static String suffix() {
    return Long.toHexString(ThreadLocalRandom.current().nextLong());
  }
}
