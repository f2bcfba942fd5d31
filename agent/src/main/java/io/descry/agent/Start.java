package io.descry.agent;

import io.descry.instrument.DoorTransformer;
import io.descry.ledger.Ledger;
import io.descry.reconcile.Baseline;
import java.lang.instrument.Instrumentation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What must be done before the application's first line, on its thread: options, ledger, doors. All
 * that is on this path is written with few classes, without lambdas, method references, streams,
 * regular expressions and reflection: the first use of each takes milliseconds.
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
    OwnThreads threads = new OwnThreads();
    threads.make("descry-classes", new ClassesAhead()).start();
    BootLedger.define(instrumentation);
    List<String> problems = new ArrayList<>();
    Options options = Options.read(argument, System.getProperties(), System.getenv(), problems);
    for (String problem : problems) {
      StandardError.print(problem);
    }
    if (attached && options.dump() != null) {
      StandardError.print(
          "no Descry runs in this JVM, so there is nothing to dump; attach it without dump first");
      return;
    }
    Instant started = Instant.now();
    Ledger.configure(options.stacks(), threads.group());
    BlindDoors blind = new BlindDoors();
    DoorTransformer doors = DoorTransformer.install(instrumentation, blind);
    if (attached) {
      doors.loadAll();
    }
    Baseline baseline = Baseline.take();
    Life life =
        new Life(
            new Beginning(
                options,
                instrumentation,
                (String) ((Supplier<?>) Start.class.getClassLoader()).get(),
                started,
                threads,
                baseline,
                doors,
                libraries(instrumentation, options.modules(), threads),
                blind.said));
    Ledger.running(life);
    life.begin(attached);
  }

  /** On this thread, so that the first class that loads is advised already. */
  private static Libraries libraries(
      Instrumentation instrumentation, String modules, OwnThreads threads)
      throws InterruptedException {
    if (modules == null) {
      return new Libraries(instrumentation, null);
    }
    // The jars that this opens are Descry's own only when a thread of Descry's opens them.
    ModuleOpener opener = new ModuleOpener(instrumentation, modules);
    Thread thread = threads.make("descry-modules", opener);
    thread.start();
    thread.join();
    return opener.libraries;
  }

  private static final class ModuleOpener implements Runnable {
    private final Instrumentation instrumentation;
    private final String modules;
    private volatile Libraries libraries;

    ModuleOpener(Instrumentation instrumentation, String modules) {
      this.instrumentation = instrumentation;
      this.modules = modules;
    }

    @Override
    public void run() {
      libraries = new Libraries(instrumentation, modules);
    }
  }

  private static final class BlindDoors implements DoorTransformer.Failures {
    private final List<String[]> said = new ArrayList<>();

    @Override
    public void failed(String where, Throwable reason) {
      synchronized (said) {
        said.add(new String[] {"opens and closes by " + where, String.valueOf(reason)});
      }
    }
  }
}
