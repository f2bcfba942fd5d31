package io.descry.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The terminal that this program runs in, taken over for a page that is drawn anew again and again.
 * Given back as it was when it is closed, and when the program ends by a signal.
 *
 * <p>By stty(1) of POSIX, which needs no library, and the control sequences of ECMA-48 and xterm.
 */
final class Terminal implements AutoCloseable {
  private static final String OWN_PAGE = "\033[?1049h\033[?25l";
  private static final String GIVE_BACK = "\033[?25h\033[?1049l";
  private static final String HOME = "\033[H";
  private static final String REST_OF_LINE = "\033[K";
  private static final String REST_OF_PAGE = "\033[J";
  private static final long LOOK_MILLIS = 100;

  private final PrintWriter out;
  private final String settings;
  private final Thread hook = new Thread(this::restore);
  private boolean restored;

  private Terminal(PrintWriter out, String settings) {
    this.out = out;
    this.settings = settings;
  }

  /** Whether standard input and output are a terminal. */
  static boolean isThere() {
    try {
      return new ProcessBuilder("sh", "-c", "test -t 0 && test -t 1 && test \"$TERM\" != dumb")
              .inheritIO()
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      // No shell: no stty either.
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Takes the terminal over. */
  static Terminal take(PrintWriter out) throws UnusableException {
    Terminal terminal = new Terminal(out, stty("-g"));
    Runtime.getRuntime().addShutdownHook(terminal.hook);
    stty("-icanon", "-echo", "min", "0", "time", "0");
    out.print(OWN_PAGE);
    out.flush();
    return terminal;
  }

  /** Rows and columns now. */
  int[] size() throws UnusableException {
    String[] numbers = stty("size").split(" ");
    int rows = Integer.parseInt(numbers[0]);
    int columns = Integer.parseInt(numbers[1]);
    return new int[] {rows == 0 ? 24 : rows, columns == 0 ? 80 : columns};
  }

  /** Shows these rows in place of what was there. */
  void show(List<String> rows) {
    StringBuilder page = new StringBuilder(HOME);
    for (int i = 0; i < rows.size(); i++) {
      page.append(i == 0 ? "" : "\r\n").append(rows.get(i)).append(REST_OF_LINE);
    }
    out.print(page.append(REST_OF_PAGE));
    out.flush();
  }

  /**
   * Waits, for as long as nobody presses q.
   *
   * @return whether somebody did
   */
  boolean isQuitWithin(long millis) throws UnusableException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    try {
      do {
        while (System.in.available() > 0) {
          int key = System.in.read();
          if (key == 'q' || key == 'Q') {
            return true;
          }
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      } while (System.nanoTime() < end);
      return false;
    } catch (IOException e) {
      throw new UnusableException("the terminal is gone: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private static String stty(String... arguments) throws UnusableException {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(
              java.util.stream.Stream.concat(
                      java.util.stream.Stream.of("stty"), java.util.stream.Stream.of(arguments))
                  .toList());
      Process process =
          builder
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String answer;
      try (InputStream in = process.getInputStream()) {
        answer = new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
      }
      if (process.waitFor() == 0) {
        return answer;
      }
      throw new UnusableException("stty cannot set this terminal; use --plain");
    } catch (IOException e) {
      throw new UnusableException("there is no stty (" + e.getMessage() + "); use --plain", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnusableException("interrupted", e);
    }
  }

  private synchronized void restore() {
    if (restored) {
      return;
    }
    restored = true;
    out.print(GIVE_BACK);
    out.flush();
    try {
      stty(settings);
    } catch (UnusableException e) {
      out.println("descry: the terminal may not be as it was; type: stty sane");
    }
  }

  @Override
  public void close() {
    restore();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The program is ending, and the hook, which finds nothing left to do, may stay.
      return;
    }
  }
}
