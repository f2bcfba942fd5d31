package io.descry.metrics;

import io.descry.os.Failure;
import io.descry.os.Kind;
import io.descry.os.Limits;
import io.descry.os.tracer.NativeError;
import io.descry.reconcile.Reconciliation;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Descry's meters, under the names that dashboards and alerts lean on. What is unknown is NaN.
 *
 * <p>Meters whose tags depend on what is found change only in {@link #scanned}, so the number of
 * series is bounded whatever the application does: {@code descry.descriptors.open} has one for each
 * owner and kind that was ever seen, and keeps it at 0 afterwards; {@code descry.findings} has one
 * for each combination that holds now.
 */
public final class DescryMetrics implements MeterBinder {
  private final MetricsSource source;
  private final InstantSource clock;
  private final List<Bound> bound = new CopyOnWriteArrayList<>();

  /** Meters of a source, with times by the system's clock. */
  public DescryMetrics(MetricsSource source) {
    this(source, InstantSource.system());
  }

  DescryMetrics(MetricsSource source, InstantSource clock) {
    this.source = source;
    this.clock = clock;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge(registry, "descry.descriptors.limit", "Soft limit of open descriptors", this::limit);
    gauge(registry, "descry.descriptors.usage", "Share of the limit that is in use", this::usage);
    gauge(
        registry,
        "descry.descriptors.unaccounted",
        "Descriptors of the last snapshot that native code opened: the ledger has them not",
        source::unaccounted);
    gauge(
        registry,
        "descry.descriptors.growth",
        "Trend of open descriptors, per second",
        () -> source.verdict().growthPerSecond());
    gauge(
        registry,
        "descry.exhaustion.seconds",
        "Seconds until the limit is reached at this trend",
        this::exhaustion);
    gauge(registry, "descry.blind", "Things that Descry cannot see here", source::blind);
    for (Kind kind : Kind.values()) {
      counter(registry, "descry.opens", "Descriptors that Java opened", kind, MetricsSource::opens);
      counter(
          registry, "descry.closes", "Descriptors that Java closed", kind, MetricsSource::closes);
    }
    Timer scans =
        Timer.builder("descry.scan.duration").description("How long scans took").register(registry);
    Bound added =
        new Bound(
            scans,
            new OpenGauges(registry),
            new FindingGauges(registry),
            new ExpectedGauges(registry),
            new BoundedCounters(
                registry,
                "descry.errors",
                "System calls of Descry's own that failed",
                "operation",
                "errno"),
            new BoundedCounters(
                registry,
                "descry.native.errors",
                "Calls of native code that failed, of those that open or close descriptors",
                "library",
                "operation",
                "errno"));
    added.refresh(source);
    bound.add(added);
  }

  /**
   * Takes over what a scan found; to be called after each, once the source tells of it, by one
   * thread at a time.
   *
   * @param took how long the scan took
   */
  public void scanned(Duration took) {
    for (Bound each : bound) {
      each.scans().record(took);
      each.refresh(source);
    }
  }

  private double limit() {
    long soft = source.limits().soft();
    if (soft == Long.MAX_VALUE) {
      return Double.POSITIVE_INFINITY;
    }
    return soft == Limits.UNKNOWN ? Double.NaN : soft;
  }

  private double usage() {
    int count = source.count();
    return count < 0 ? Double.NaN : count / limit();
  }

  private double exhaustion() {
    Instant exhaustion = source.verdict().exhaustion();
    return exhaustion == null
        ? Double.NaN
        : Math.max(0, Duration.between(clock.instant(), exhaustion).toMillis() / 1000.0);
  }

  private static void gauge(
      MeterRegistry registry, String name, String description, Supplier<Number> value) {
    // Held strongly: a registry keeps only a weak reference otherwise, and the gauge turns NaN.
    Gauge.builder(name, value).description(description).strongReference(true).register(registry);
  }

  private void counter(
      MeterRegistry registry,
      String name,
      String description,
      Kind kind,
      Function<MetricsSource, Map<String, Long>> counts) {
    FunctionCounter.builder(name, this, ignored -> of(counts.apply(source), kind))
        .description(description)
        .tag("kind", kind.label())
        .register(registry);
  }

  /** What has no kind of its own is counted as other. */
  private static double of(Map<String, Long> counts, Kind kind) {
    if (kind != Kind.OTHER) {
      return counts.getOrDefault(kind.label(), 0L);
    }
    return counts.entrySet().stream()
        .filter(entry -> isOther(entry.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private static boolean isOther(String label) {
    for (Kind kind : Kind.values()) {
      if (kind != Kind.OTHER && kind.label().equals(label)) {
        return false;
      }
    }
    return true;
  }

  /** The meters in one registry that change from scan to scan. */
  private record Bound(
      Timer scans,
      OpenGauges open,
      FindingGauges findings,
      ExpectedGauges expected,
      BoundedCounters errors,
      BoundedCounters nativeErrors) {
    void refresh(MetricsSource source) {
      open.refresh(source.reconciliation());
      findings.refresh(source.verdict());
      expected.refresh(source.compared());
      Map<List<String>, Long> own = new HashMap<>();
      for (Failure failure : source.failures()) {
        own.merge(List.of(failure.operation(), failure.errno()), failure.count(), Long::sum);
      }
      errors.refresh(own);
      Reconciliation last = source.reconciliation();
      if (last != null) {
        nativeErrors.refresh(byLibrary(last.errors()));
      }
    }

    private static Map<List<String>, Long> byLibrary(List<NativeError> errors) {
      Map<List<String>, Long> counts = new HashMap<>();
      for (NativeError error : errors) {
        String library = error.object() == null ? LabelValue.NONE : error.object().name();
        counts.merge(List.of(library, error.call(), error.errno()), error.count(), Long::sum);
      }
      return counts;
    }
  }
}
