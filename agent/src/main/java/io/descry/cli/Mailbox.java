package io.descry.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A directory for one exchange with a process, where that process can write and nobody else may
 * look: in the process's own file system, and of its user. Gone when it is closed.
 *
 * @param inside its path as the process has it
 * @param outside its path as this process has it
 */
record Mailbox(String inside, Path outside) implements AutoCloseable {
  private static final String PREFIX = "descry-for-";
  private static final int TRIES = 20;
  private static final long PAUSE_MILLIS = 50;

  /** Of which one is writable nearly everywhere, with a read-only root too. */
  private static final List<String> PLACES = List.of("/tmp", "/dev/shm", "/var/tmp", "/run");

  /**
   * Makes one.
   *
   * @throws UnusableException when the process's file system has no place for it
   */
  static Mailbox of(JvmProcess process) throws UnusableException {
    if (!JvmProcess.canAsk()) {
      return here();
    }
    List<String> refusals = new ArrayList<>();
    boolean own = process.hasOwnFiles();
    for (String place : PLACES) {
      Path outside = own ? process.outside(place) : Path.of(place);
      try {
        if (!Files.isDirectory(outside, LinkOption.NOFOLLOW_LINKS)) {
          // A link of another file system would lead into ours.
          refusals.add(place + " is no directory");
          continue;
        }
        Path made = Files.createTempDirectory(outside, PREFIX + process.pid() + "-", onlyOwner());
        Files.setAttribute(made, "unix:uid", process.uid());
        Files.setAttribute(made, "unix:gid", process.gid());
        return new Mailbox(place + "/" + made.getFileName(), made);
      } catch (IOException e) {
        refusals.add(place + ": " + e);
      }
    }
    throw new UnusableException(
        "process "
            + process.pid()
            + " has nowhere to write to in its file system: "
            + String.join("; ", refusals));
  }

  private static Mailbox here() throws UnusableException {
    try {
      Path made = Files.createTempDirectory(PREFIX);
      return new Mailbox(made.toString(), made);
    } catch (IOException e) {
      throw new UnusableException("no directory can be made for the answer: " + e, e);
    }
  }

  private static FileAttribute<?> onlyOwner() {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  }

  /** The path of a file in it, as the process has it. */
  String inside(String name) {
    return Path.of(inside).resolve(name).toString();
  }

  /** The path of a file in it, as this process has it. */
  Path outside(String name) {
    return outside.resolve(name);
  }

  /** Whether a file is there, and no link to another. */
  boolean has(String name) {
    return Files.isRegularFile(outside(name), LinkOption.NOFOLLOW_LINKS);
  }

  /** Removes it with what is in it. */
  @Override
  public void close() {
    // The process may just be writing: what it begins before it notices is removed the next time.
    for (int left = TRIES; left > 0 && !isRemoved(); left--) {
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private boolean isRemoved() {
    try {
      if (!Files.isDirectory(outside, LinkOption.NOFOLLOW_LINKS)) {
        return true;
      }
      try (DirectoryStream<Path> files = Files.newDirectoryStream(outside)) {
        for (Path file : files) {
          Files.deleteIfExists(file);
        }
      }
      Files.deleteIfExists(outside);
      return true;
    } catch (IOException e) {
      // Something has just been written into it: the next try removes that, too.
      return false;
    }
  }
}
