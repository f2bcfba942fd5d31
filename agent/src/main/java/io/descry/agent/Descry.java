package io.descry.agent;

import io.descry.instrument.DoorTransformer;
import io.descry.ledger.Ledger;
import io.descry.metrics.DescryMetrics;
import io.descry.metrics.ScrapeEndpoint;
import io.descry.metrics.ScrapeException;
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
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.config.PrometheusPropertiesException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Descry in one JVM, from its start to the report at the end. What must be done before the
 * application's first line (options, ledger, doors) is done by the thread that starts the agent;
 * everything else by a daemon thread of Descry's own.
 */
public final class Descry {
  /** A report may take this long at shutdown; DESIGN 6 allows 2 s. */
  private static final long SHUTDOWN_MILLIS = 1_800;

  private static final long DEMAND_SECONDS = 30;

  /** After a scan Descry rests at least this many times as long as the scan took. */
  private static final long REST = 9;

  private final Options options;
  private final Instrumentation instrumentation;
  private final String jar;
  private final String version;
  private final Instant started = Instant.now();
  private final ThreadGroup threads;
  private final Baseline baseline;
  private final List<String[]> blindBeforeStart;
  private final CountDownLatch ready = new CountDownLatch(1);
  private volatile Libraries libraries;
  private volatile Watch watch;
  private DescryMetrics metrics;
  private long scanNanos;
  private boolean warm;
  private volatile Throwable notStarted;
  private Reports reports;

  private Descry(
      Options options,
      Instrumentation instrumentation,
      String jar,
      ThreadGroup threads,
      Baseline baseline,
      List<String[]> blindBeforeStart) {
    this.options = options;
    this.instrumentation = instrumentation;
    this.jar = jar;
    this.version = Version.TEXT;
    this.threads = threads;
    this.baseline = baseline;
    this.blindBeforeStart = blindBeforeStart;
  }

  /**
   * Starts Descry in this JVM. Called by {@link Premain}, once.
   *
   * @param argument the agent's argument, empty when there is none
   * @param jar path of the agent jar
   * @param attached whether the application runs already
   * @throws Exception when the ledger cannot be set up; nothing has been changed then
   */
  public static void start(
      String argument, Instrumentation instrumentation, String jar, boolean attached)
      throws Exception {
    BootLedger.define(instrumentation);
    List<String> problems = new ArrayList<>();
    Options options =
        Options.read(argument, System.getProperties(), System.getenv(), problems::add);
    for (String problem : problems) {
      StandardError.print(problem);
    }
    if (attached && options.dump() != null) {
      StandardError.print(
          "no Descry runs in this JVM, so there is nothing to dump; attach it without dump first");
      return;
    }
    ThreadGroup threads = new ThreadGroup(root(), "descry");
    Ledger.configure(options.stacks(), threads);
    List<String[]> blind = new ArrayList<>();
    DoorTransformer.install(
        instrumentation,
        (where, reason) -> {
          synchronized (blind) {
            blind.add(new String[] {"opens and closes by " + where, String.valueOf(reason)});
          }
        });
    Descry descry = new Descry(options, instrumentation, jar, threads, Baseline.take(), blind);
    descry.knowLibraries(instrumentation);
    Ledger.running(descry::command);
    descry.thread("descry-scan", descry::run).start();
    Runtime.getRuntime().addShutdownHook(descry.thread("descry-shutdown", descry::shutdown));
  }

  private static ThreadGroup root() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }

  private Thread thread(String name, Runnable task) {
    Thread thread = new Thread(threads, task, name, 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(Descry.class.getClassLoader());
    return thread;
  }

  /** On this thread, so that the first class that loads is advised already. */
  private void knowLibraries(Instrumentation instrumentation) throws InterruptedException {
    if (options.modules() == null) {
      libraries = new Libraries(instrumentation, null);
      return;
    }
    // The jars that this opens are Descry's own only when a thread of Descry's opens them.
    Thread opener =
        thread(
            "descry-modules", () -> libraries = new Libraries(instrumentation, options.modules()));
    opener.start();
    opener.join();
  }

  private void run() {
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
    libraries.takeFailures(watch::blind);
    long begun = System.nanoTime();
    watch.scan();
    long took = System.nanoTime() - begun;
    // The first one loads the classes of all others: it says nothing of what they take.
    scanNanos = warm ? took : 0;
    warm = true;
    if (metrics != null) {
      metrics.scanned(Duration.ofNanos(took));
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
    NativeModule.define(Descry.class.getClassLoader());
    Log.to(options.log());
    long pid = ProcessHandle.current().pid();
    ProcessDescriptors descriptors = ProcessDescriptors.ofThisProcess();
    Tracer tracer = tracer();
    NativeBooks natives = natives(tracer);
    Reconciler reconciler = new Reconciler(baseline, System.getProperty("java.home"), pid, natives);
    for (Map.Entry<Integer, String> open : baseline.targets().entrySet()) {
      // The JVM opened the agent's jar to find the agent, and Premain to find the rest.
      if (open.getValue().equals(jar)) {
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
            started,
            task -> thread("descry-expected", task));
    reports = new Reports(options.formats());
    if (options.stacks() == Ledger.Stacks.NONE) {
      watch.blind("where Java code opened what it holds", "no stacks are taken (stacks=none)");
    }
    synchronized (blindBeforeStart) {
      for (String[] blind : blindBeforeStart) {
        watch.blind(blind[0], blind[1]);
      }
    }
    libraries.adviseLoaded();
    EarlierBooks.connect(instrumentation, watch::blind);
    StandardError.print(startLine(startMetrics()));
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
        HandleBook.of(new KnownOwners(libraries.modules())));
  }

  /** Where the endpoint listens; {@code null} when metrics are off or could not be served. */
  private String startMetrics() {
    if (options.metrics() == null) {
      return null;
    }
    try {
      PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      DescryMetrics meters = new DescryMetrics(watch);
      meters.bindTo(registry);
      ScrapeEndpoint endpoint =
          ScrapeEndpoint.start(
              options.metrics(),
              registry.getPrometheusRegistry(),
              task -> thread("descry-metrics", task));
      metrics = meters;
      return endpoint.url();
    } catch (ScrapeException e) {
      StandardError.print(e.getMessage());
      return null;
    } catch (PrometheusPropertiesException e) {
      // The client library reads io.prometheus.* properties, which are the application's.
      StandardError.print("metrics are off: " + e.getMessage());
      return null;
    }
  }

  private String startLine(String metrics) {
    return version
        + " on, scanning every "
        + inWords(options.interval())
        + (metrics == null ? "" : ", metrics at " + metrics)
        + (options.report() == null
            ? ", no report"
            : ", report to " + Path.of(options.report()).toAbsolutePath());
  }

  private static String inWords(Duration interval) {
    return interval.toMillis() % 1000 == 0
        ? interval.toSeconds() + " s"
        : interval.toMillis() + " ms";
  }

  /** A command for the Descry that runs already: an agent is attached, or named a second time. */
  private void command(String argument) {
    List<String> problems = new ArrayList<>();
    Options asked = Options.read(argument, new Properties(), Map.of(), problems::add);
    for (String problem : problems) {
      StandardError.print(problem);
    }
    if (asked.dump() == null) {
      StandardError.print(
          version + " is on in this JVM already; this copy stays off and its options are ignored");
      return;
    }
    Thread writer = thread("descry-demand", () -> write(asked.dump(), "demand"));
    writer.start();
    await(writer, TimeUnit.SECONDS.toMillis(DEMAND_SECONDS));
  }

  private void shutdown() {
    Thread writer =
        thread(
            "descry-last-report",
            () -> {
              write(options.report(), "shutdown");
            });
    writer.start();
    await(writer, SHUTDOWN_MILLIS);
  }

  private static void await(Thread thread, long millis) {
    try {
      thread.join(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Scans and writes a report, and says so when it has findings. */
  private void write(String base, String reason) {
    try {
      ready.await();
      if (watch == null) {
        sayOff();
        return;
      }
      ReportData data = watch.report(reason, version);
      List<Path> written = List.of();
      if (base != null) {
        synchronized (this) {
          written = reports.write(base, data);
        }
      }
      int findings = data.verdict().findings().size();
      if (findings > 0) {
        StandardError.print(
            findings
                + (findings == 1 ? " finding" : " findings")
                + (written.isEmpty() ? "" : ", see " + written.get(0)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable t) {
      StandardError.print("no report could be made: " + t);
    }
  }
}
