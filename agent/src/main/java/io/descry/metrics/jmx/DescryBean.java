package io.descry.metrics.jmx;

import io.descry.metrics.MetricsSource;
import io.descry.os.Failure;
import io.descry.os.Limits;
import io.descry.os.tracer.NativeError;
import io.descry.reconcile.Group;
import io.descry.reconcile.Reconciliation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Descry's figures and findings, as of the last scan. Safe for several threads. */
public final class DescryBean implements DescryMXBean {
  private static final double NANOS = 1e9;
  private static final int MOST_ERRORS = 100;

  private final String version;
  private final MetricsSource source;
  private final Operations operations;
  private volatile Times times = new Times(0, Double.NaN);

  private record Times(long scans, double lastSeconds) {}

  /** Of one JVM. */
  public DescryBean(String version, MetricsSource source, Operations operations) {
    this.version = version;
    this.source = source;
    this.operations = operations;
  }

  /** Takes over how long a scan took; for one thread at a time. */
  public void scanned(Duration took) {
    times = new Times(times.scans() + 1, took.toNanos() / NANOS);
  }

  @Override
  public String getVersion() {
    return version;
  }

  @Override
  public long getScans() {
    return times.scans();
  }

  @Override
  public double getLastScanSeconds() {
    return times.lastSeconds();
  }

  @Override
  public int getOpen() {
    return source.count();
  }

  @Override
  public Map<String, Integer> getOpenByOwner() {
    return open(group -> group.key().owner().label());
  }

  @Override
  public Map<String, Integer> getOpenByKind() {
    return open(group -> group.key().kind().label());
  }

  private Map<String, Integer> open(Function<Group, String> by) {
    Map<String, Integer> counts = new TreeMap<>();
    Reconciliation last = source.reconciliation();
    if (last != null) {
      last.groups()
          .forEach(
              group -> counts.merge(by.apply(group), group.descriptors().size(), Integer::sum));
    }
    return counts;
  }

  @Override
  public long getLimit() {
    long soft = source.limits().soft();
    return soft == Limits.UNKNOWN ? -1 : soft;
  }

  @Override
  public double getUsage() {
    int count = source.count();
    long limit = getLimit();
    if (count < 0 || limit < 0) {
      return Double.NaN;
    }
    return limit == Long.MAX_VALUE ? 0 : (double) count / limit;
  }

  @Override
  public int getUnaccounted() {
    return source.unaccounted();
  }

  @Override
  public double getGrowthPerSecond() {
    return source.verdict().growthPerSecond();
  }

  @Override
  public double getSecondsToExhaustion() {
    Instant exhaustion = source.verdict().exhaustion();
    return exhaustion == null
        ? Double.NaN
        : Math.max(0, Duration.between(Instant.now(), exhaustion).toMillis() / 1000.0);
  }

  @Override
  public Map<String, Long> getOpens() {
    return new TreeMap<>(source.opens());
  }

  @Override
  public Map<String, Long> getCloses() {
    return new TreeMap<>(source.closes());
  }

  @Override
  public int getBlind() {
    return source.blind();
  }

  @Override
  public List<FailedCalls> getErrors() {
    List<FailedCalls> errors = new ArrayList<>();
    for (Failure failure : source.failures()) {
      errors.add(new FailedCalls("descry", failure.operation(), failure.errno(), failure.count()));
    }
    Reconciliation last = source.reconciliation();
    if (last != null) {
      for (NativeError error : last.errors()) {
        String library = error.object() == null ? "none" : Shown.text(error.object().name());
        errors.add(new FailedCalls(library, error.call(), error.errno(), error.count()));
      }
    }
    return errors.size() <= MOST_ERRORS ? errors : errors.subList(0, MOST_ERRORS);
  }

  @Override
  public List<ExpectedHandles> getExpected() {
    return source.compared().stream().map(ExpectedHandles::new).toList();
  }

  @Override
  public List<FoundLeak> getFindings() {
    return source.verdict().findings().stream().map(FoundLeak::new).toList();
  }

  @Override
  public int scan() {
    operations.scan();
    return source.verdict().findings().size();
  }

  @Override
  public List<String> writeReport() {
    return operations.writeReport(null);
  }

  @Override
  public List<String> writeReport(String name) {
    if (name == null) {
      throw new IllegalArgumentException("a name is needed, or the operation without one");
    }
    return operations.writeReport(name);
  }
}
