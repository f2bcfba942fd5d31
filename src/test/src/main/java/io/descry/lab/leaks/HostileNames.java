package io.descry.lab.leaks;

import io.descry.lab.Dialogue;
import io.descry.lab.Pace;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Leaks what somebody chose the names of with care: files and the thread, up to the limit. */
public final class HostileNames {
  private static final List<Channel> KEPT = new ArrayList<>();

  private HostileNames() {}

  /**
   * The program.
   *
   * @param args a directory of files with such names, a name for the thread, and for how many
   *     tenths of a second to leak before all the rest is opened at once
   */
  public static void main(String[] args) throws Exception {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> listed = Files.newDirectoryStream(Path.of(args[0]))) {
      listed.forEach(files::add);
    }
    // What the end of the JVM needs is loaded while that is possible.
    Runtime.getRuntime().addShutdownHook(new Thread(KEPT::clear));
    Dialogue.ask("ready");
    Thread thread =
        new Thread(
            () -> {
              try {
                Pace.keep(Integer.parseInt(args[2]), 100, () -> leak(files));
                fill(files);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            },
            args[1]);
    thread.start();
    thread.join();
    Dialogue.ask("full");
  }

  private static void leak(List<Path> files) throws IOException {
    SocketChannel.open();
    keep(files.get(KEPT.size() % files.size()));
    System.gc();
  }

  private static void keep(Path file) throws IOException {
    KEPT.add(FileChannel.open(file));
  }

  private static void fill(List<Path> files) {
    try {
      while (true) {
        keep(files.get(KEPT.size() % files.size()));
      }
    } catch (IOException e) {
      Dialogue.say("last: " + e.getMessage().replaceAll(".*: ", ""));
    }
  }
}
