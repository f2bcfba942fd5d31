package io.descry.agent;

import io.descry.instrument.RegistryTransformer;
import io.descry.live.LiveSettings;
import io.descry.metrics.DescryMetrics;
import io.descry.metrics.FlightEvents;
import io.descry.metrics.OtlpPush;
import io.descry.metrics.ScrapeEndpoint;
import io.descry.metrics.ScrapeException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.config.PrometheusPropertiesException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where what Descry knows goes while the application runs, as far as the operator asked for it. One
 * that cannot be made is reported once, and is off.
 */
final class Outlets {
  private static final Logger LOG = LoggerFactory.getLogger(Outlets.class);

  private final Options options;
  private final Watch watch;
  private final RegistryTransformer registries;
  private final OwnThreads threads;
  private final Runnable scan;
  private final BiFunction<String, String, List<Path>> reports;
  private final Actions actions;
  private DescryMetrics meters;
  private AlertOutlet alerts;
  private LiveOutlet live;
  private final List<Outlet> all = new ArrayList<>();
  private final List<String> on = new ArrayList<>();

  /**
   * Makes them.
   *
   * @param registries tells of the application's meter registries; {@code null}: not asked for
   * @param scan scans now, in the thread that calls it
   * @param reports writes a report, by base path and reason, and answers its files
   */
  Outlets(
      Options options,
      Watch watch,
      OwnThreads threads,
      RegistryTransformer registries,
      Runnable scan,
      BiFunction<String, String, List<Path>> reports) {
    this.options = options;
    this.watch = watch;
    this.threads = threads;
    this.registries = registries;
    this.scan = scan;
    this.reports = reports;
    this.actions = new Actions(options, watch, threads);
    make("emergency", actions.isEmergencyWanted(), () -> actions.emergency(reports));
    actions.sayUnused();
    make("http", isLiveWanted(), this::live);
    // Before the meters are bound anywhere: whoever does shows the alerts, too.
    make("alert", AlertOutlet.isAsked(options), this::alerts);
    make("/metrics of http", live != null, this::liveMetrics);
    make("metrics", options.metrics() != null, this::endpoint);
    make("micrometer", isOn("micrometer"), this::micrometer);
    make("otlp", isOtlpWanted(), this::otlp);
    make("jmx", isOn("jmx"), this::jmx);
    make("jfr", isOn("jfr"), this::flightEvents);
  }

  /** What is on, in words for the start line. */
  List<String> on() {
    return List.copyOf(on);
  }

  /** Hands on what a scan found. */
  void scanned(Duration took) {
    for (Outlet outlet : all) {
      try {
        outlet.scanned(took);
      } catch (Throwable t) {
        // One that fails must not cost the others, nor the scan.
        LOG.warn("what the scan found could not be handed on", t);
      }
    }
  }

  /**
   * Makes one if it was asked for.
   *
   * @param maker makes it, and answers what the start line says of it; {@code null}: nothing
   */
  private void make(String name, boolean wanted, Callable<String> maker) {
    if (!wanted) {
      return;
    }
    try {
      String words = maker.call();
      if (words != null) {
        on.add(words);
      }
    } catch (OutletException | ScrapeException e) {
      StandardError.print(e.getMessage());
    } catch (Exception | LinkageError e) {
      StandardError.print(name + " is off: " + e);
      LOG.warn("{} is off", name, e);
    }
  }

  /** A switch: {@code on} or {@code off}, which is what it is without the option. */
  private boolean isOn(String key) {
    String text = options.outlets().getOrDefault(key, "off");
    if (!text.equals("on") && !text.equals("off")) {
      StandardError.print("option " + key + "=" + text + " is not on or off; using off");
    }
    return text.equals("on");
  }

  private DescryMetrics meters() {
    if (meters == null) {
      meters =
          alerts == null ? new DescryMetrics(watch) : new DescryMetrics(watch, alerts.meters());
      all.add(meters::scanned);
    }
    return meters;
  }

  /** Puts the meters into a registry. */
  private void bind(MeterRegistry registry) {
    meters().bindTo(registry);
  }

  private boolean isLiveWanted() {
    boolean wanted = LiveSettings.isAsked(options.outlets());
    if (!wanted) {
      sayUnused("http");
    }
    return wanted;
  }

  private void sayUnused(String key) {
    options.outlets().keySet().stream()
        .filter(other -> other.startsWith(key + "."))
        .forEach(other -> StandardError.print("option " + other + " does nothing without " + key));
  }

  private String live() throws OutletException {
    live = new LiveOutlet(options, watch, threads, scan);
    all.add(live);
    return live.words();
  }

  private String liveMetrics() throws OutletException {
    live.serveMetrics(this::bind);
    return null;
  }

  private String alerts() throws OutletException {
    alerts =
        new AlertOutlet(
            options, watch, threads, actions, live == null ? null : live.health(), reports);
    all.add(alerts);
    return alerts.words();
  }

  private String micrometer() {
    all.add(new MicrometerBridge(registries, meters(), threads));
    return "meters in the application's Micrometer";
  }

  private boolean isOtlpWanted() {
    boolean wanted = !options.outlets().getOrDefault("otlp", "off").equals("off");
    if (!wanted) {
      sayUnused("otlp");
    }
    return wanted;
  }

  private String otlp() throws OutletException, IOException {
    List<String> problems = new ArrayList<>();
    String address =
        OtlpPush.start(
            meters(),
            watch,
            options.outlets(),
            Options::duration,
            task -> threads.make("descry-otlp", task),
            problems);
    if (address == null) {
      throw new OutletException(String.join("; ", problems));
    }
    problems.forEach(StandardError::print);
    return "OTLP to " + address;
  }

  private String jmx() throws OutletException {
    if (ModuleLayer.boot().findModule("java.management").isEmpty()) {
      throw new OutletException("jmx is off: this runtime has no module java.management");
    }
    all.add(new ManagementBean(watch, threads, options.report(), scan, reports));
    return "JMX bean " + ManagementBean.NAME;
  }

  private String endpoint() throws ScrapeException, OutletException {
    try {
      PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      bind(registry);
      ScrapeEndpoint endpoint =
          ScrapeEndpoint.start(
              options.metrics(),
              registry.getPrometheusRegistry(),
              task -> threads.make("descry-metrics", task));
      return "metrics at " + endpoint.url();
    } catch (PrometheusPropertiesException e) {
      // The client library reads io.prometheus.* properties, which are the application's.
      throw new OutletException("metrics are off: " + e.getMessage());
    }
  }

  private String flightEvents() throws OutletException {
    FlightEvents events = FlightEvents.of(watch);
    if (events == null) {
      throw new OutletException(
          "JFR events are off: this Java runtime has no flight recorder (module jdk.jfr)");
    }
    all.add(events::scanned);
    return "JFR events";
  }
}
