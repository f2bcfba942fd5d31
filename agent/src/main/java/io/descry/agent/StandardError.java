package io.descry.agent;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;

/**
 * The few lines that Descry prints. Not {@code System.err}, in whose place the application may have
 * put a stream of its own.
 */
final class StandardError {
  private static final PrintStream OUT =
      new PrintStream(new FileOutputStream(FileDescriptor.err), true);

  private StandardError() {}

  /** Prints one line. */
  static void print(String line) {
    OUT.println("descry: " + line);
  }
}
