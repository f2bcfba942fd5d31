package io.descry.lab.leaks;

import io.descry.lab.Dialogue;
import io.descry.lab.Libuv;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Two hundred requests a second, each of which opens something for two milliseconds; of one in a
 * hundred it stays open, either because its error path forgets it or because a pool of so many
 * keeps it. They come for as long as one stretch takes, at each line that the program hears.
 */
public final class BriefUses {
  private static final long EACH_NANOS = 5_000_000;
  private static final int ONE_IN = 100;

  private static final List<Object> KEPT = new ArrayList<>();

  private BriefUses() {}

  /** What a request opens. */
  @FunctionalInterface
  private interface Opener {
    AutoCloseable open() throws IOException;
  }

  /**
   * The program.
   *
   * @param args {@code file}, {@code socket} or {@code libuv}; how many seconds a stretch takes;
   *     how many are kept at most
   */
  public static void main(String[] args) throws Exception {
    Path file = Files.createTempFile("lab", ".brief");
    Opener opener = opener(args[0], file);
    long requests = Long.parseLong(args[1]) * 1_000_000_000 / EACH_NANOS;
    int most = Integer.parseInt(args[2]);
    Dialogue.say("ready");
    while (Dialogue.hear() != null) {
      stretch(opener, requests, most);
      Dialogue.say("kept " + KEPT.size());
    }
    Files.delete(file);
  }

  private static void stretch(Opener opener, long requests, int most) throws Exception {
    long start = System.nanoTime();
    for (long i = 0; i < requests; i++) {
      request(opener, i % ONE_IN == ONE_IN - 1 && KEPT.size() < most);
      long left = start + (i + 1) * EACH_NANOS - System.nanoTime();
      if (left > 0) {
        Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
      }
    }
  }

  private static Opener opener(String what, Path file) {
    return switch (what) {
      case "file" -> () -> new FileInputStream(file.toFile());
      case "socket" -> DatagramChannel::open;
      case "libuv" -> {
        Libuv.Reader reader = new Libuv.Reader();
        yield () -> {
          int number = reader.open(file.toString());
          return () -> reader.close(number);
        };
      }
      default -> throw new IllegalArgumentException(what);
    };
  }

  private static void request(Opener opener, boolean keep) throws Exception {
    AutoCloseable opened = opener.open();
    if (keep) {
      KEPT.add(opened);
      return;
    }
    Thread.sleep(2);
    opened.close();
  }
}
