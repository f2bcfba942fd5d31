package io.descry.agent;

import io.descry.instrument.DoorTransformer;
import io.descry.instrument.RegistryTransformer;
import io.descry.ledger.Ledger;
import io.descry.reconcile.Baseline;
import java.lang.instrument.Instrumentation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Has the ledger told of opens and closes from a moment on. On the start path, see {@link Start}.
 *
 * @param beside whether the application runs meanwhile, and has loaded who knows what
 */
record Installation(
    Options options, Instrumentation instrumentation, OwnThreads threads, boolean beside) {

  /**
   * Changes the doors, and looks at what is open already.
   *
   * @throws Exception when the ledger cannot be set up; nothing has been changed then
   */
  Beginning make() throws Exception {
    Instant started = Instant.now();
    Ledger.configure(Ledger.Stacks.valueOf(options.stacks().name()), threads.group());
    BlindDoors blind = new BlindDoors();
    DoorTransformer doors = DoorTransformer.install(instrumentation, blind);
    if (beside) {
      doors.loadAll();
    }
    Baseline baseline = Baseline.take();
    return new Beginning(
        options,
        instrumentation,
        (String) ((Supplier<?>) Installation.class.getClassLoader()).get(),
        started,
        threads,
        baseline,
        doors,
        libraries(),
        registries(),
        blind.said);
  }

  /** On this thread, so that the first registry that is made is told. */
  private RegistryTransformer registries() {
    return "on".equals(options.outlets().get("micrometer"))
        ? RegistryTransformer.install(instrumentation)
        : null;
  }

  /** On this thread, so that the first class that loads is advised already. */
  private Libraries libraries() throws InterruptedException {
    if (options.modules() == null) {
      return new Libraries(instrumentation, null);
    }
    // The jars that this opens are Descry's own only when a thread of Descry's opens them.
    ModuleOpener opener = new ModuleOpener(instrumentation, options.modules());
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
