package io.descry.agent;

import io.descry.detect.Compared;
import io.descry.detect.Detector;
import io.descry.detect.Expectation;
import io.descry.detect.Finding;
import io.descry.detect.Observation;
import io.descry.detect.Thresholds;
import io.descry.detect.Verdict;
import io.descry.ledger.Ledger;
import io.descry.ledger.OpenKind;
import io.descry.metrics.MetricsSource;
import io.descry.os.Blind;
import io.descry.os.DescriptorSnapshot;
import io.descry.os.Failure;
import io.descry.os.Kind;
import io.descry.os.Limits;
import io.descry.os.ProcessDescriptors;
import io.descry.os.ThreadWaits;
import io.descry.os.tracer.Tracer;
import io.descry.reconcile.Lookout;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Reconciler;
import io.descry.reconcile.Reconciliation;
import io.descry.report.ActionTaken;
import io.descry.report.ProcessFacts;
import io.descry.report.ReportData;
import io.descry.report.Timeline;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scans: takes a snapshot, reconciles it with the ledger, asks the rules, and keeps the last
 * answer. Safe for several threads; one scan at a time.
 */
final class Watch implements MetricsSource {
  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
  private static final Set<String> KINDS =
      Kind.ofThisSystem().stream().map(Kind::label).collect(Collectors.toUnmodifiableSet());

  private final ProcessDescriptors descriptors;
  private final Tracer tracer;
  private final Reconciler reconciler;
  private Reconciler looks;
  private final Lookout lookout;
  private final Detector detector;
  private final ProcessFacts process;
  private final boolean allDescriptors;
  private final boolean collect;
  private final Instant started;
  private final ApplicationBooks books;
  private final Timeline timeline = new Timeline();
  private final List<ActionTaken> actions = new CopyOnWriteArrayList<>();
  private final List<Blind> blind = new CopyOnWriteArrayList<>();
  private final Set<String> announced = new HashSet<>();
  private volatile Reconciliation reconciliation;
  private volatile Verdict verdict = Verdict.NONE;
  private volatile List<Compared> compared = List.of();
  private volatile Throwable failure;
  private volatile long failedNanos;

  Watch(
      ProcessDescriptors descriptors,
      Tracer tracer,
      Reconciler reconciler,
      Lookout lookout,
      ProcessFacts process,
      boolean allDescriptors,
      boolean collect,
      Thresholds thresholds,
      Instant started,
      ThreadFactory askers) {
    this.descriptors = descriptors;
    this.tracer = tracer;
    this.reconciler = reconciler;
    this.lookout = lookout;
    this.detector = new Detector(process.pid(), descriptors::libraries, thresholds);
    this.process = process;
    this.allDescriptors = allDescriptors;
    this.collect = collect;
    this.started = started;
    this.books = new ApplicationBooks(askers, this::blind);
  }

  /** Notes something that cannot be seen. */
  void blind(String what, String why) {
    blind.add(new Blind(what, Instant.now(), why));
    LOG.warn("blind: {}: {}", what, why);
  }

  /** Notes that a scan failed; the next one that succeeds takes it back. Allocates nothing. */
  void scanFailed(Throwable reason) {
    if (failure == null) {
      failedNanos = System.nanoTime();
    }
    failure = reason;
  }

  /** Scans once. */
  synchronized void scan() {
    reconciler.begin();
    long begun = System.nanoTime();
    DescriptorSnapshot snapshot = descriptors.snapshot(reconciler::uses);
    Reconciliation facts =
        reconciler.reconcile(snapshot, begun, descriptors.limits(), CollectorBeans.read());
    List<Expectation> expected = books.ask();
    ThreadWaits waits = descriptors.waits();
    verdict = detector.examine(new Observation(facts, waits, lookout.look(facts, waits), expected));
    reconciliation = facts;
    timeline.add(facts);
    compared = expected.stream().map(one -> new Compared(one, one.open(facts))).toList();
    failure = null;
    for (Finding finding : verdict.findings()) {
      if (announced.add(finding.id())) {
        LOG.warn(
            "finding {}: {}, {}, {} {} {}: {}",
            finding.id(),
            finding.rule(),
            finding.confidence().label(),
            finding.count(),
            finding.group().owner().label(),
            finding.group().kind().label(),
            finding.evidence().get(0).text());
      }
    }
  }

  /**
   * Scans and gathers everything that a report says. Where that was asked for, runs a garbage
   * collection first, for what nobody can reach any more; two scans must agree on that.
   */
  synchronized ReportData report(String reason, String version) {
    if (collect) {
      System.gc();
      scan();
    }
    scan();
    return data(reason, version, Instant.now());
  }

  /** What a report says of the last scan, as of then; {@code null} before the first. */
  synchronized ReportData last(String reason, String version) {
    return reconciliation == null ? null : data(reason, version, reconciliation.at());
  }

  private ReportData data(String reason, String version, Instant written) {
    return new ReportData(
        version,
        started,
        written,
        reason,
        process,
        reconciliation,
        verdict,
        allBlind(),
        reconciliation.scan(),
        allDescriptors,
        timeline.points(),
        List.copyOf(actions));
  }

  /**
   * What was opened at this {@link System#nanoTime()} or later and not closed by its owner, as it
   * is now. A look between scans: no rule is asked.
   */
  synchronized List<Map<String, Object>> openedSince(long nanos) {
    if (looks == null) {
      looks = reconciler.beside();
    }
    long begun = System.nanoTime();
    Reconciliation facts =
        looks.reconcile(
            descriptors.snapshot(looks::uses),
            begun,
            descriptors.limits(),
            reconciliation == null ? CollectorBeans.read() : reconciliation.collections());
    return Leftovers.of(looks, nanos, facts);
  }

  /** How many calls failed so far because no descriptor was left, as far as the tracer sees. */
  long exhaustedCalls() {
    return tracer.exhausted();
  }

  /** Whether the tracer runs, so that most calls that fail are seen. */
  boolean seesExhaustedCalls() {
    return tracer.on();
  }

  /** Whether no descriptor is free now. */
  boolean exhausted() {
    return descriptors.exhausted();
  }

  /** The share of the limit that is in use; NaN when the system does not say. */
  double usage() {
    long soft = limits().soft();
    int count = descriptors.count();
    return soft == Limits.UNKNOWN || count < 0 ? Double.NaN : (double) count / soft;
  }

  /**
   * Raises the soft limit to the hard one.
   *
   * @return the limits before
   */
  Limits raiseLimit() throws IOException {
    return descriptors.raiseLimit();
  }

  /** Sends this process SIGTERM. */
  void terminate() throws IOException {
    descriptors.terminate();
  }

  /** Notes what was done, {@code null} when it was not, for reports and metrics. */
  void took(String action, String text) {
    actions.add(new ActionTaken(Instant.now(), action, text));
  }

  @Override
  public long taken(String action) {
    return actions.stream().filter(one -> action.equals(one.action())).count();
  }

  @Override
  public Reconciliation reconciliation() {
    return reconciliation;
  }

  @Override
  public Verdict verdict() {
    return verdict;
  }

  @Override
  public List<Compared> compared() {
    return compared;
  }

  @Override
  public int count() {
    int count = descriptors.count();
    return count < 0 ? count : Math.max(0, count - Ledger.ownOpen());
  }

  @Override
  public Limits limits() {
    return descriptors.limits();
  }

  @Override
  public Map<String, Long> opens() {
    return byKind(Ledger::opens);
  }

  @Override
  public Map<String, Long> closes() {
    return byKind(Ledger::closes);
  }

  @Override
  public List<Failure> failures() {
    return descriptors.failures();
  }

  @Override
  public int blind() {
    return allBlind().size();
  }

  @Override
  public int unaccounted() {
    Reconciliation last = reconciliation;
    return last == null
        ? 0
        : last.groups().stream()
            .filter(
                group ->
                    group.key().owner() == Owner.FOREIGN || group.key().owner() == Owner.LIBRARY)
            .mapToInt(group -> group.descriptors().size())
            .sum();
  }

  private List<Blind> allBlind() {
    List<Blind> all = new ArrayList<>(descriptors.blind());
    all.addAll(tracer.blind());
    all.addAll(blind);
    all.addAll(LedgerBlindSpots.now(started, reconciler.doubted()));
    if (!detector.unseen().isEmpty()) {
      all.add(
          new Blind(
              "findings of the rules " + String.join(", ", detector.unseen()),
              started,
              "Windows does not tell what they are judged by"));
    }
    Throwable failed = failure;
    if (failed != null) {
      all.add(
          new Blind(
              "what has changed since the last scan",
              wallTime(failedNanos),
              "scans fail: " + failed));
    }
    return all;
  }

  private static Instant wallTime(long nanos) {
    return Instant.now().minusNanos(System.nanoTime() - nanos);
  }

  private static Map<String, Long> byKind(ToLongFunction<OpenKind> counter) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (OpenKind kind : OpenKind.values()) {
      if (KINDS.contains(kind.label())) {
        counts.merge(kind.label(), counter.applyAsLong(kind), Long::sum);
      }
    }
    return counts;
  }
}
