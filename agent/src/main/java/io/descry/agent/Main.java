package io.descry.agent;

import java.io.PrintStream;

/**
 * What {@code java -jar descry.jar} starts: the command line, in the isolated class loader as the
 * agent is.
 */
public final class Main {
  private static final int UNUSABLE = 2;

  private Main() {}

  /** Runs a command and ends the JVM with its exit status. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  private static int run(String[] arguments) {
    try {
      return (int)
          Class.forName("io.descry.cli.DescryCommand", true, Premain.isolatedLoader())
              .getMethod("run", PrintStream.class, PrintStream.class, String[].class)
              .invoke(null, System.out, System.err, arguments);
    } catch (Exception | LinkageError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      System.err.println("descry: " + cause);
      return UNUSABLE;
    }
  }
}
