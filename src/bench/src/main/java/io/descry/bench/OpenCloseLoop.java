package io.descry.bench;

import java.io.FileInputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * Opens and closes a {@code FileInputStream} at a stack depth and prints the median time of one
 * pair, in nanoseconds. Run in a JVM of its own by {@link OpenClose}.
 *
 * <p>Arguments: the depth.
 */
public final class OpenCloseLoop {
  private static final String FILE = "/dev/null";
  private static final int WARM_UP_ROUNDS = 10;
  private static final int ROUNDS = 25;
  private static final int PAIRS = 20_000;

  private OpenCloseLoop() {}

  /** Measures; see the class. */
  public static void main(String[] arguments) throws IOException {
    int depth = Integer.parseInt(arguments[0]);
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      round(depth);
    }
    long[] rounds = new long[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long begun = System.nanoTime();
      round(depth);
      rounds[round] = (System.nanoTime() - begun) / PAIRS;
    }
    Arrays.sort(rounds);
    System.out.println(rounds[ROUNDS / 2]);
  }

  private static void round(int depth) throws IOException {
    // main and this method are two frames already.
    descend(depth - 2);
  }

  private static void descend(int left) throws IOException {
    if (left > 1) {
      descend(left - 1);
      return;
    }
    for (int pair = 0; pair < PAIRS; pair++) {
      new FileInputStream(FILE).close();
    }
  }
}
