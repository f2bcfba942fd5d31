package io.descry.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** How a program and the test that started it take turns: lines on standard output and input. */
public final class Dialogue {
  private static final BufferedReader IN =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

  private Dialogue() {}

  /** Prints one line, whole, and at once. */
  public static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  /**
   * Waits for one line.
   *
   * @return the line, or {@code null} when the test has closed its end
   */
  public static String hear() {
    try {
      return IN.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says {@code line} and waits for an answer; a closed end counts as one. */
  public static void ask(String line) {
    say(line);
    hear();
  }
}
