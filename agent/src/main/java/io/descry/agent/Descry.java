package io.descry.agent;

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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
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
  private DescryMetrics metrics;
  private long scanNanos;
  private boolean warm;
  private volatile Throwable notStarted;
  private Reports reports;

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
    if (beginning.doors().loadAll()) {
      Ledger.missed = true;
    }
    NativeModule.define(Descry.class.getClassLoader());
    Log.to(options.log());
    long pid = ProcessHandle.current().pid();
    ProcessDescriptors descriptors = ProcessDescriptors.ofThisProcess();
    Tracer tracer = tracer();
    NativeBooks natives = natives(tracer);
    Baseline baseline = beginning.baseline();
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
    if (options.stacks() == Ledger.Stacks.NONE) {
      watch.blind("where Java code opened what it holds", "no stacks are taken (stacks=none)");
    }
    synchronized (beginning.blind()) {
      for (String[] blind : beginning.blind()) {
        watch.blind(blind[0], blind[1]);
      }
    }
    libraries.adviseLoaded();
    EarlierBooks.connect(beginning.instrumentation(), watch::blind);
    StandardError.print(StartLine.of(version, options, startMetrics()));
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
              task -> beginning.threads().make("descry-metrics", task));
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

  /** A command for the Descry that runs already: an agent is attached, or named a second time. */
  void command(String argument) {
    List<String> problems = new ArrayList<>();
    Options asked = Options.read(argument, new Properties(), Map.of(), problems);
    for (String problem : problems) {
      StandardError.print(problem);
    }
    if (asked.dump() == null) {
      StandardError.print(
          version + " is on in this JVM already; this copy stays off and its options are ignored");
      return;
    }
    Thread writer = beginning.threads().make("descry-demand", () -> write(asked.dump(), "demand"));
    writer.start();
    OwnThreads.await(writer, TimeUnit.SECONDS.toMillis(DEMAND_SECONDS));
  }

  /** Scans and writes a report, and says so when it has findings. */
  void write(String base, String reason) {
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
