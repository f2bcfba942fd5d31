package io.descry.agent;

import io.descry.ledger.Ledger;
import io.descry.os.ProcessDescriptors;
import io.descry.os.tracer.Tracer;
import io.descry.owner.KnownOwners;
import io.descry.reconcile.Baseline;
import io.descry.reconcile.HandleBook;
import io.descry.reconcile.Lookout;
import io.descry.reconcile.NativeBooks;
import io.descry.reconcile.Reconciler;
import io.descry.report.ReportData;
import io.descry.report.ThisProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Descry in one JVM, once the application runs: scans, metrics, reports, commands. */
final class Descry {
  private static final long DEMAND_SECONDS = 30;

  /** After a scan Descry rests at least this many times as long as the scan took. */
  private static final long REST = 9;

  private final Beginning beginning;
  private final Options options;
  private final Libraries libraries;
  private final String version = Version.TEXT;
  private final CountDownLatch ready = new CountDownLatch(1);
  private volatile Watch watch;
  private Outlets outlets;
  private final Object scanning = new Object();
  private volatile long scanNanos;
  private boolean warm;
  private boolean allStacks;
  private volatile Throwable notStarted;
  private Reports reports;
  private volatile Followers followers;

  Descry(Beginning beginning) {
    this.beginning = beginning;
    this.options = beginning.options();
    this.libraries = beginning.libraries();
  }

  /** Gets ready, and scans for as long as the JVM lives. */
  void run() {
    try {
      prepare();
    } catch (Throwable t) {
      watch = null;
      notStarted = t;
      sayOff();
      return;
    } finally {
      ready.countDown();
    }
    while (true) {
      try {
        scan();
      } catch (Throwable t) {
        // Out of memory as likely as a fault of ours; the next scan may find things better.
        watch.scanFailed(t);
      }
      try {
        TimeUnit.NANOSECONDS.sleep(Math.max(options.interval().toNanos(), REST * scanNanos));
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void scan() {
    synchronized (scanning) {
      libraries.takeFailures(watch::blind);
      long begun = System.nanoTime();
      watch.scan();
      long took = System.nanoTime() - begun;
      // The first one loads the classes of all others: it says nothing of what they take.
      scanNanos = warm ? took : 0;
      warm = true;
      outlets.scanned(Duration.ofNanos(took));
      Followers following = followers;
      if (following != null) {
        following.scanned();
      }
    }
  }

  /** Says once that Descry did not start; again later, when memory was too short to say it. */
  private void sayOff() {
    Throwable reason = notStarted;
    if (reason != null) {
      try {
        StandardError.print("off, the application is not affected: " + reason);
        notStarted = null;
      } catch (Throwable t) {
        // No memory for a line of text: the end of the JVM is another chance.
        notStarted = reason;
      }
    }
  }

  private void prepare() {
    if (beginning.doors().loadAll()) {
      Ledger.missed = true;
    }
    NativeModule.define(Descry.class.getClassLoader());
    Log.to(options.log());
    long pid = ProcessHandle.current().pid();
    ProcessDescriptors descriptors = ProcessDescriptors.ofThisProcess();
    Tracer tracer = tracer();
    NativeBooks natives = natives(tracer);
    Baseline baseline = baseline(descriptors);
    Reconciler reconciler = new Reconciler(baseline, System.getProperty("java.home"), pid, natives);
    for (Map.Entry<Integer, String> open : baseline.targets().entrySet()) {
      // The JVM opened the agent's jar to find the agent, and Premain to find the rest.
      if (open.getValue().equals(beginning.jar())) {
        descriptors.own(open.getKey());
      }
    }
    watch =
        new Watch(
            descriptors,
            tracer,
            reconciler,
            new Lookout(descriptors, natives),
            ThisProcess.facts(),
            options.allDescriptors(),
            options.collect(),
            options.thresholds(),
            beginning.started(),
            task -> beginning.threads().make("descry-expected", task));
    reports = new Reports(options.formats());
    if (options.stacks() == Options.Stacks.NONE) {
      watch.blind("where Java code opened what it holds", "no stacks are taken (stacks=none)");
    }
    synchronized (beginning.blind()) {
      for (String[] blind : beginning.blind()) {
        watch.blind(blind[0], blind[1]);
      }
    }
    if (isWindows()) {
      Searches.teach(descriptors, watch::blind);
    }
    libraries.adviseLoaded();
    if (beginning.registries() != null) {
      beginning.registries().adviseLoaded(beginning.instrumentation());
    }
    EarlierBooks.connect(beginning.instrumentation(), watch::blind);
    // The first scan may be that of a process at its limit, which can load no library.
    CollectorBeans.read();
    outlets =
        new Outlets(
            options, watch, beginning.threads(), beginning.registries(), this::scan, this::write);
    StandardError.print(StartLine.of(version, options, outlets.on()));
  }

  private Baseline baseline(ProcessDescriptors descriptors) {
    return isWindows() ? Baseline.of(descriptors.snapshot()) : beginning.baseline();
  }

  private static boolean isWindows() {
    return System.getProperty("os.name").startsWith("Windows");
  }

  private Tracer tracer() {
    return options.nativeTracer()
        ? Tracer.ofThisProcess(Tracer.Stacks.valueOf(options.stacks().name()))
        : Tracer.OFF;
  }

  private NativeBooks natives(Tracer tracer) {
    return new NativeBooks(
        tracer,
        new io.descry.reconcile.library.Libraries()::of,
        HandleBook.of(new KnownOwners(libraries.get())));
  }

  /** A command for the Descry that runs already: an agent is attached, or named a second time. */
  void command(String argument) {
    List<String> problems = new ArrayList<>();
    Options asked = Options.read(argument, new Properties(), Map.of(), problems);
    for (String problem : problems) {
      StandardError.print(problem);
    }
    if (asked.dump() == null && asked.follow() == null) {
      StandardError.print(
          version + " is on in this JVM already; this copy stays off and its options are ignored");
      return;
    }
    Set<Options.Format> formats =
        Options.gives(argument, "formats") ? asked.formats() : options.formats();
    Runnable task =
        asked.dump() == null
            ? () -> follow(asked.follow())
            : () -> write(asked.dump(), "demand", formats);
    Thread writer = beginning.threads().make("descry-demand", task);
    writer.start();
    OwnThreads.await(writer, TimeUnit.SECONDS.toMillis(DEMAND_SECONDS));
  }

  /**
   * What was opened at this {@link System#nanoTime()} or later and not closed by its owner, for
   * tests. From the first call on all stacks are taken, unless the operator wants none: a verdict
   * on one open needs the stack of that one.
   *
   * @throws IllegalStateException when Descry did not start, or cannot look
   */
  List<Map<String, Object>> openedSince(long nanos) throws InterruptedException {
    ready.await();
    if (watch == null) {
      throw new IllegalStateException("Descry did not start: " + notStarted);
    }
    synchronized (scanning) {
      if (options.stacks() == Options.Stacks.BUDGET && !allStacks) {
        Ledger.configure(Ledger.Stacks.ALL, beginning.threads().group());
        allStacks = true;
      }
    }
    FutureTask<List<Map<String, Object>>> look = new FutureTask<>(() -> watch.openedSince(nanos));
    // What the look itself opens must not count as the application's.
    beginning.threads().make("descry-look", look).start();
    try {
      return look.get();
    } catch (ExecutionException e) {
      // Of Descry's exceptions the caller knows nothing but the text.
      throw new IllegalStateException("Descry cannot look: " + e.getCause());
    }
  }

  private void follow(String base) {
    try {
      ready.await();
      if (watch == null) {
        sayOff();
        return;
      }
      synchronized (this) {
        if (followers == null) {
          followers = new Followers(() -> watch.last("demand", version), this::written);
        }
      }
      followers.add(base);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable t) {
      StandardError.print("nobody can follow: " + t);
    }
  }

  private void written(String base, ReportData data) {
    reports.write(base, data, EnumSet.of(Options.Format.JSON));
  }

  private static void say(ReportData data, List<Path> written) {
    boolean exhausted = data.reason().equals("exhaustion");
    int findings = data.verdict().findings().size();
    if (exhausted || findings > 0) {
      StandardError.print(
          (exhausted ? "no descriptor is left: " : "")
              + findings
              + (findings == 1 ? " finding" : " findings")
              + (written.isEmpty() ? "" : ", see " + written.get(0)));
    }
  }

  /**
   * Scans and writes a report, and says so when it has findings, or no descriptor is left.
   *
   * @param base path of the report; {@code null}: none is written
   * @return the files; empty when none was written
   */
  List<Path> write(String base, String reason) {
    return write(base, reason, options.formats());
  }

  private List<Path> write(String base, String reason, Set<Options.Format> formats) {
    try {
      ready.await();
      if (watch == null) {
        sayOff();
        return List.of();
      }
      reports.release();
      ReportData data;
      try {
        data = watch.report(reason, version);
      } finally {
        reports.hold();
      }
      List<Path> written = base == null ? List.of() : reports.write(base, data, formats);
      // Who waits for it says so there, and removes the file.
      if (base == null || !Followers.isLooking(base)) {
        say(data, written);
      }
      return written;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable t) {
      StandardError.print("no report could be made: " + t);
    }
    return List.of();
  }
}
