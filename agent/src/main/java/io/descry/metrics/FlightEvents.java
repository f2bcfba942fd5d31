package io.descry.metrics;

import io.descry.detect.Finding;
import io.descry.detect.Resolved;
import io.descry.detect.Verdict;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Library;
import io.descry.reconcile.Reconciliation;
import io.descry.reconcile.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.jfr.FlightRecorder;

/**
 * What scans find as events of the JDK's flight recorder: {@code descry.Scan}, {@code
 * descry.Finding} and {@code descry.Exhaustion}. Without a recording they cost next to nothing, and
 * no recorder is started for them.
 *
 * <p>A finding is told when it is new, when it changes (its confidence, or its count by a tenth)
 * and when it is resolved; while it holds, also every {@value #AGAIN_MINUTES} minutes and as soon
 * as a recording begins, so that it is in every recording that matters.
 */
public final class FlightEvents {
  private static final long AGAIN_MINUTES = 5;
  private static final Duration AGAIN = Duration.ofMinutes(AGAIN_MINUTES);
  private static final String NEW = "new";
  private static final String CHANGED = "changed";
  private static final String HOLDS = "holds";
  private static final String RESOLVED = "resolved";
  private static final int LONGEST_NAME = 300;
  private static final int LONGEST_TEXT = 1000;

  private static final double USAGE = 0.8;
  private static final Duration LEFT = Duration.ofHours(1);
  // A warning ends with some distance, lest it begins again at once.
  private static final double USAGE_OVER = 0.75;
  private static final Duration LEFT_OVER = Duration.ofMinutes(90);

  private record Told(Finding finding, Instant at) {}

  private final MetricsSource source;
  private final Map<String, Told> told = new HashMap<>();
  private Set<String> known = new HashSet<>();
  private boolean warned;
  private Instant warnedAt;

  private FlightEvents(MetricsSource source) {
    this.source = source;
  }

  /**
   * Events of what a source tells.
   *
   * @return {@code null} when this runtime has no flight recorder
   */
  public static FlightEvents of(MetricsSource source) {
    try {
      return FlightRecorder.isAvailable() ? new FlightEvents(source) : null;
    } catch (NoClassDefFoundError e) {
      return null; // without the module jdk.jfr
    }
  }

  /**
   * Takes over what a scan found; to be called after each, by one thread.
   *
   * @param took how long the scan took
   */
  public void scanned(Duration took) {
    Reconciliation facts = source.reconciliation();
    Verdict verdict = source.verdict();
    scan(facts, verdict, took);
    findings(facts.at(), verdict);
    exhaustion(facts, verdict);
  }

  private void scan(Reconciliation facts, Verdict verdict, Duration took) {
    FlightScan event = new FlightScan();
    if (event.shouldCommit()) {
      event.open = facts.open();
      event.limit = limit(facts);
      event.usage = usage(facts);
      event.growthPerSecond = verdict.growthPerSecond();
      event.unaccounted = source.unaccounted();
      event.findings = verdict.findings().size();
      event.blind = source.blind();
      event.took = took.toNanos();
      event.commit();
    }
  }

  private void findings(Instant now, Verdict verdict) {
    boolean recording = new FlightFinding().isEnabled();
    if (!recording) {
      told.clear();
    }
    Set<String> held = new HashSet<>();
    for (Finding finding : verdict.findings()) {
      held.add(finding.id());
      String change = recording ? change(finding, now) : null;
      if (change != null) {
        told.put(finding.id(), new Told(finding, now));
        write(change, finding, 0);
      }
    }
    for (Told gone : List.copyOf(told.values())) {
      Finding finding = gone.finding();
      if (!held.contains(finding.id())) {
        told.remove(finding.id());
        write(RESOLVED, finding, closed(finding, verdict.resolved()));
      }
    }
    known = held;
  }

  /** What is to be told of a finding; {@code null}: nothing. */
  private String change(Finding finding, Instant now) {
    if (!known.contains(finding.id())) {
      return NEW;
    }
    Told before = told.get(finding.id());
    if (before == null) {
      return HOLDS;
    }
    int count = before.finding().count();
    boolean changed =
        finding.confidence() != before.finding().confidence()
            || 10L * Math.abs(finding.count() - count) >= Math.max(count, 1);
    return changed ? CHANGED : again(before.at(), now);
  }

  private static String again(Instant before, Instant now) {
    return Duration.between(before, now).compareTo(AGAIN) >= 0 ? HOLDS : null;
  }

  private static int closed(Finding finding, List<Resolved> resolved) {
    int closed = 0;
    for (Resolved one : resolved) {
      closed = one.id().equals(finding.id()) ? one.closed() : closed;
    }
    return closed;
  }

  private static void write(String change, Finding finding, int closed) {
    GroupKey group = finding.group();
    FlightFinding event = new FlightFinding();
    event.change = change;
    event.id = finding.id();
    event.rule = finding.rule();
    event.confidence = finding.confidence().label();
    event.hazard = finding.hazard();
    event.owner = group.owner().label();
    event.library = library(group.library());
    event.kind = group.kind().label();
    event.count = finding.count();
    event.closed = closed;
    event.ratePerMinute = finding.ratePerMinute();
    event.opener = opener(group.site());
    event.evidence = LabelValue.clean(finding.evidence().get(0).text(), LONGEST_TEXT);
    event.advice =
        finding.advice().isEmpty() ? null : LabelValue.clean(finding.advice().get(0), LONGEST_TEXT);
    event.firstSeen = finding.firstSeen().toEpochMilli();
    event.commit();
  }

  private static String library(Library library) {
    if (library == null) {
      return null;
    }
    String version = library.version() == null ? "" : " " + library.version();
    return LabelValue.clean(library.name() + version, LONGEST_NAME);
  }

  private static String opener(Site site) {
    String frame =
        site.applicationFrame()
            .or(() -> site.java().stream().findFirst())
            .or(() -> site.natives().stream().findFirst())
            .orElse(null);
    return frame == null ? null : LabelValue.clean(frame, LONGEST_NAME);
  }

  private void exhaustion(Reconciliation facts, Verdict verdict) {
    FlightExhaustion event = new FlightExhaustion();
    if (!event.isEnabled()) {
      warned = false;
      return;
    }
    Duration left =
        verdict.exhaustion() == null ? null : Duration.between(facts.at(), verdict.exhaustion());
    double usage = usage(facts);
    boolean near =
        usage > (warned ? USAGE_OVER : USAGE)
            || left != null && left.compareTo(warned ? LEFT_OVER : LEFT) < 0;
    String change = near ? warned ? again(warnedAt, facts.at()) : NEW : warned ? RESOLVED : null;
    if (change != null) {
      warned = near;
      warnedAt = facts.at();
      event.change = change;
      event.open = facts.open();
      event.limit = limit(facts);
      event.usage = usage;
      event.growthPerSecond = verdict.growthPerSecond();
      // The flight recorder's word for a timespan that is missing.
      event.left = left == null ? Long.MIN_VALUE : Math.max(0, left.toMillis());
      event.commit();
    }
  }

  private static long limit(Reconciliation facts) {
    long soft = facts.limits().soft();
    return soft == Long.MAX_VALUE || soft < 0 ? -1 : soft;
  }

  private static double usage(Reconciliation facts) {
    long limit = limit(facts);
    return limit < 0 ? Double.NaN : (double) facts.open() / limit;
  }
}
