package io.descry.lab.corpus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A program of the corpus. Made in any JVM at no cost; prepared, stepped and finished by one thread
 * in a JVM of its own.
 */
interface Program {
  /** What is true of it on the JDK that runs it. */
  Truth truth();

  /**
   * What the command line of its JVM needs besides, after the options for Descry.
   *
   * @param directory of the run; what is written there stays until the next run
   */
  default List<String> options(Path directory) throws IOException {
    return List.of();
  }

  /** Loads and opens what stays for good, before the kernel's count is taken. */
  default void prepare(Stage stage) throws Exception {}

  /**
   * Works, and leaks or does not: says {@link Stage#leaked} for each leak.
   *
   * @param i how often it was done before
   */
  void step(Stage stage, int i) throws Exception;

  /** {@link #pauseMillis} of a busy service that leaks with every request. */
  int BUSY = 30;

  /** Between two steps. */
  default long pauseMillis() {
    return 250;
  }

  /** How long it works, in seconds; two minutes at most. */
  default int seconds() {
    return 40;
  }

  /** Closes what it holds and does not leak. */
  default void finish() throws Exception {}
}
