package io.descry.agent;

import io.descry.ledger.Ledger;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;

/**
 * What must be done before the application's first line, on its thread: options, and unless {@code
 * start=later} ledger and doors. All that is on this path is written with few classes, without
 * lambdas, method references, streams, regular expressions and reflection: the first use of each
 * takes milliseconds.
 */
public final class Start {
  private Start() {}

  /**
   * Starts Descry before the application. Called by {@link Premain}, once.
   *
   * @param argument the agent's argument, empty when there is none
   * @throws Exception when the ledger cannot be set up; nothing has been changed then
   */
  public static void premain(String argument, Instrumentation instrumentation) throws Exception {
    start(argument, instrumentation, false);
  }

  /** Likewise, in an application that runs already. */
  public static void agentmain(String argument, Instrumentation instrumentation) throws Exception {
    start(argument, instrumentation, true);
  }

  private static void start(String argument, Instrumentation instrumentation, boolean attached)
      throws Exception {
    List<String> problems = new ArrayList<>();
    Options options = Options.read(argument, System.getProperties(), System.getenv(), problems);
    for (String problem : problems) {
      StandardError.print(problem);
    }
    if (attached && (options.dump() != null || options.follow() != null)) {
      StandardError.print(
          "no Descry runs in this JVM, so there is nothing to dump or follow; attach it without first");
      return;
    }
    OwnThreads threads = new OwnThreads();
    boolean later = !attached && !options.exact();
    if (!later) {
      threads.make("descry-classes", new ClassesAhead()).start();
    }
    BootLedger.define(instrumentation);
    Life life = new Life(new Installation(options, instrumentation, threads, attached || later));
    if (!later) {
      life.install();
    }
    Ledger.running(life);
    life.begin(attached);
  }
}
