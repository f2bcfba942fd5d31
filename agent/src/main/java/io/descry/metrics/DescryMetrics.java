package io.descry.metrics;

import io.descry.os.Failure;
import io.descry.os.Kind;
import io.descry.os.Limits;
import io.descry.os.tracer.NativeError;
import io.descry.reconcile.Reconciliation;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

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
  private final AlertMeters alerts;
  private final InstantSource clock;
  private final List<Bound> bound = new CopyOnWriteArrayList<>();

  /** Meters of a source, with times by the system's clock. */
  public DescryMetrics(MetricsSource source) {
    this(source, AlertMeters.NONE, InstantSource.system());
  }

  /** Likewise, with those of alerts. */
  public DescryMetrics(MetricsSource source, AlertMeters alerts) {
    this(source, alerts, InstantSource.system());
  }

  DescryMetrics(MetricsSource source, AlertMeters alerts, InstantSource clock) {
    this.source = source;
    this.alerts = alerts;
    this.clock = clock;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    bound.add(bindTo(new MicrometerMeters(registry)));
  }

  /**
   * Puts the meters into a registry, which alone keeps them.
   *
   * @return the meters; {@link #scanned} does not know of them
   */
  Bound bindTo(Meters meters) {
    gauge(
        meters, "descry.descriptors.limit", "Soft limit of open descriptors", () -> limit(source));
    gauge(meters, "descry.descriptors.usage", "Share of the limit that is in use", this::usage);
    gauge(
        meters,
        "descry.descriptors.unaccounted",
        "Descriptors of the last snapshot that native code opened: the ledger has them not",
        source::unaccounted);
    gauge(
        meters,
        "descry.descriptors.growth",
        "Trend of open descriptors, per second",
        () -> source.verdict().growthPerSecond());
    gauge(
        meters,
        "descry.exhaustion.seconds",
        "Seconds until the limit is reached at this trend",
        this::exhaustion);
    gauge(meters, "descry.blind", "Things that Descry cannot see here", source::blind);
    taken(meters, "descry.restarts", "Restarts that Descry began", "restart");
    taken(meters, "descry.limit.raises", "How often Descry raised the limit", "raise");
    for (Kind kind : Kind.ofThisSystem()) {
      counter(meters, "descry.opens", "Descriptors that Java opened", kind, MetricsSource::opens);
      counter(meters, "descry.closes", "Descriptors that Java closed", kind, MetricsSource::closes);
    }
    Bound added =
        new Bound(
            meters.timer("descry.scan.duration", "How long scans took"),
            new OpenGauges(meters),
            new FindingGauges(meters),
            new ExpectedGauges(meters),
            new BoundedCounters(
                meters,
                "descry.errors",
                "System calls of Descry's own that failed",
                "operation",
                "errno"),
            new BoundedCounters(
                meters,
                "descry.native.errors",
                "Calls of native code that failed, of those that open or close descriptors",
                "library",
                "operation",
                "errno"));
    alerts.bindTo(meters);
    meters.keep(added);
    added.refresh(source);
    return added;
  }

  /**
   * Takes over what a scan found; to be called after each, once the source tells of it, by one
   * thread at a time.
   *
   * @param took how long the scan took
   */
  public void scanned(Duration took) {
    for (Bound each : bound) {
      scanned(each, List.of(took));
    }
  }

  /** Likewise in one registry, after several scans. */
  void scanned(Bound each, List<Duration> took) {
    took.forEach(each.scans());
    each.refresh(source);
  }

  /** The soft limit; infinite when there is none, NaN when it is unknown. */
  static double limit(MetricsSource source) {
    long soft = source.limits().soft();
    if (soft == Long.MAX_VALUE) {
      return Double.POSITIVE_INFINITY;
    }
    return soft == Limits.UNKNOWN ? Double.NaN : soft;
  }

  private double usage() {
    int count = source.count();
    return count < 0 ? Double.NaN : count / limit(source);
  }

  private double exhaustion() {
    Instant exhaustion = source.verdict().exhaustion();
    return exhaustion == null
        ? Double.NaN
        : Math.max(0, Duration.between(clock.instant(), exhaustion).toMillis() / 1000.0);
  }

  private static void gauge(Meters meters, String name, String description, DoubleSupplier value) {
    meters.gauge(name, description, List.of(), value);
  }

  private void taken(Meters meters, String name, String description, String action) {
    meters.counter(name, description, List.of(), () -> source.taken(action));
  }

  private void counter(
      Meters meters,
      String name,
      String description,
      Kind kind,
      Function<MetricsSource, Map<String, Long>> counts) {
    meters.counter(
        name, description, List.of("kind", kind.label()), () -> of(counts.apply(source), kind));
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
  record Bound(
      Consumer<Duration> scans,
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
