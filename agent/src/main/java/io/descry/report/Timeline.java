package io.descry.report;

import io.descry.reconcile.Owner;
import io.descry.reconcile.Reconciliation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * How many descriptors were open over the process's life, in bounded memory: at most {@value
 * #POINTS} scans are remembered, some 40 KB, however many there were.
 *
 * <p>Scans stand in {@value #SPANS} spans at most, the newest in one of its own. When there is one
 * span too many, two neighbours become one, which keeps two of its scans: that with the fewest and
 * that with the most open. So no peak and no trough of the total is ever lost, only what lies
 * between. Those two are taken that are shortest for their age: spans grow longer with age, so that
 * the last minutes are there scan for scan while the whole life still shows. The first scan and the
 * last one are always there.
 *
 * <p>Safe for several threads.
 */
public final class Timeline {
  /** Spans remembered. */
  static final int SPANS = 200;

  /** Scans remembered. */
  public static final int POINTS = 2 * SPANS;

  /** Scans so young are as good as new. */
  private static final double YOUNG = 20;

  /** How much more an even view of the whole life counts than a near view of the last of it. */
  private static final double EVEN = 4;

  private final List<Span> spans = new ArrayList<>(SPANS + 1);
  private long scans;

  /**
   * What one scan found.
   *
   * <p>Immutable.
   */
  public static final class Point {
    private static final Owner[] OWNERS = Owner.values();
    private final long millis;
    private final long limit;
    private final int open;
    private final int[] byOwner = new int[OWNERS.length];

    private Point(Reconciliation facts) {
      Census census = Census.of(facts);
      millis = facts.at().toEpochMilli();
      limit = facts.limits().soft();
      open = census.open();
      for (Map.Entry<Owner, Integer> owner : census.byOwner().entrySet()) {
        byOwner[owner.getKey().ordinal()] = owner.getValue();
      }
    }

    /** When the snapshot was taken, to the millisecond. */
    public Instant at() {
      return Instant.ofEpochMilli(millis);
    }

    /** The soft limit in force then, as {@link io.descry.os.Limits#soft} has it. */
    public long limit() {
      return limit;
    }

    /** How many descriptors were open, less Descry's own. */
    public int open() {
      return open;
    }

    /** How many of them were this owner's. */
    public int open(Owner owner) {
      return byOwner[owner.ordinal()];
    }

    @Override
    public String toString() {
      return at() + " " + open + " of " + limit + " " + Arrays.toString(byOwner);
    }
  }

  /** Scans in a row, by their numbers, and the two of them that are kept, which may be one. */
  private record Span(long from, long to, Point low, Point high) {
    Span with(Span later) {
      return new Span(
          from,
          later.to,
          low.open <= later.low.open ? low : later.low,
          high.open >= later.high.open ? high : later.high);
    }
  }

  /**
   * Takes in a scan.
   *
   * @param facts a later one than that of the call before
   */
  public synchronized void add(Reconciliation facts) {
    Point point = new Point(facts);
    spans.add(new Span(scans, scans, point, point));
    scans++;
    if (spans.size() > SPANS) {
      int first = shortest();
      spans.set(first, spans.get(first).with(spans.remove(first + 1)));
    }
  }

  /** What is remembered, in order of time; {@value #POINTS} at most. */
  public synchronized List<Point> points() {
    List<Point> points = new ArrayList<>(2 * spans.size());
    for (Span span : spans) {
      boolean rising = span.low.millis <= span.high.millis;
      points.add(rising ? span.low : span.high);
      if (span.low != span.high) {
        points.add(rising ? span.high : span.low);
      }
    }
    return List.copyOf(points);
  }

  /** The index of the span that is best joined with the next; neither is the first or the last. */
  private int shortest() {
    int best = 1;
    double least = Double.MAX_VALUE;
    for (int i = 1; i < spans.size() - 2; i++) {
      double length = spans.get(i + 1).to - spans.get(i).from + 1;
      double age = scans - spans.get(i + 1).to;
      double weight = length * (EVEN / scans + 1 / (age + YOUNG));
      if (weight < least) {
        least = weight;
        best = i;
      }
    }
    return best;
  }
}
