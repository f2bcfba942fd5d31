package io.descry.agent;

import io.descry.alert.Drained;
import io.descry.detect.Verdict;
import io.descry.live.LiveServer;
import io.descry.live.LiveSettings;
import io.descry.live.LiveSource;
import io.descry.metrics.Scrapes;
import io.descry.reconcile.Reconciliation;
import io.descry.report.ReportData;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.config.PrometheusPropertiesException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** The live page, and what is served beside it. */
final class LiveOutlet implements Outlet, LiveSource {
  private final Watch watch;
  private final Runnable scan;
  private final LiveServer server;
  private volatile Scrapes scrapes;

  /**
   * Listens, if the options allow it.
   *
   * @param scan scans now, in the thread that calls it
   */
  LiveOutlet(Options options, Watch watch, OwnThreads threads, Runnable scan)
      throws OutletException {
    this.watch = watch;
    this.scan = scan;
    List<String> problems = new ArrayList<>();
    LiveSettings settings = LiveSettings.read(options.outlets(), Options::duration, problems);
    if (settings == null) {
      throw new OutletException(String.join("; ", problems));
    }
    problems.forEach(StandardError::print);
    if (settings.token() != null && isOnCommandLine(settings.token())) {
      StandardError.print(
          "http.token stands on the command line, which every user of this machine can read; give"
              + " it as DESCRY_HTTP_TOKEN or in the file of config");
    }
    try {
      server = LiveServer.start(settings, this, task -> threads.make("descry-http", task));
    } catch (IOException e) {
      throw new OutletException(
          "the page is off: cannot listen on " + settings.address() + ": " + e);
    }
  }

  private static boolean isOnCommandLine(String token) {
    return Arrays.stream(ProcessHandle.current().info().arguments().orElse(new String[0]))
        .anyMatch(argument -> argument.contains(token));
  }

  /** For the start line. */
  String words() {
    return "page at " + server.address();
  }

  /** What says so when a restart drains. */
  Drained health() {
    return server;
  }

  /**
   * Has the metrics served, too.
   *
   * @param binder puts the meters into a registry
   */
  void serveMetrics(Consumer<MeterRegistry> binder) throws OutletException {
    try {
      PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      binder.accept(registry);
      scrapes = new Scrapes(registry.getPrometheusRegistry());
    } catch (PrometheusPropertiesException e) {
      // The client library reads io.prometheus.* properties, which are the application's.
      throw new OutletException("the page has no /metrics: " + e.getMessage());
    }
  }

  @Override
  public void scanned(Duration took) {
    server.scanned();
  }

  @Override
  public ReportData last() {
    return watch.last("demand", Version.TEXT);
  }

  @Override
  public Reconciliation reconciliation() {
    return watch.reconciliation();
  }

  @Override
  public Verdict verdict() {
    return watch.verdict();
  }

  @Override
  public int count() {
    return watch.count();
  }

  @Override
  public void scan() {
    scan.run();
  }

  @Override
  public Scrapes.Scrape metrics(String accept) throws IOException {
    Scrapes all = scrapes;
    return all == null ? null : all.scrape(accept);
  }
}
