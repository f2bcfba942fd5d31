package io.descry.report;

import io.descry.reconcile.Owner;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One chart: areas by owner, one on the other, the limit that was in force, and where the trend
 * leads. The limit is in the picture when the count comes near it, or will; it is named otherwise.
 */
final class ChartSvg {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 300;
  private static final int LEFT = 56;
  private static final int RIGHT = 944;
  private static final int TOP = 18;
  private static final int BOTTOM = 272;

  /** The forecast takes at most so many times as much as what is shown of the past. */
  private static final double AHEAD = 1;

  /** A limit further above the count than this would press the areas flat. */
  private static final int FAR = 6;

  private final ReportData data;
  private final List<Timeline.Point> points;
  private final List<Owner> owners;
  private final String id;
  private final long from;
  private final long last;
  private final long to;
  private final long limit;
  private final boolean limitShown;
  private final double top;

  /**
   * Lays it out.
   *
   * @param points at least two
   */
  ChartSvg(ReportData data, List<Timeline.Point> points, List<Owner> owners, String id) {
    this.data = data;
    this.points = points;
    this.owners = owners;
    this.id = id;
    Timeline.Point newest = points.get(points.size() - 1);
    from = points.get(0).at().toEpochMilli();
    last = Math.max(from + 1, newest.at().toEpochMilli());
    to = last + ahead();
    limit = Opening.isLimit(newest.limit()) ? newest.limit() : -1;
    int peak = points.stream().mapToInt(Timeline.Point::open).max().orElse(1);
    double reached = Math.max(peak, forecast(to));
    limitShown = limit > 0 && limit <= FAR * reached;
    top = 1.1 * Math.max(1, limitShown ? Math.max(limit, reached) : reached);
  }

  private long ahead() {
    Instant exhaustion = data.verdict().exhaustion();
    if (exhaustion == null || !(data.verdict().growthPerSecond() > 0)) {
      return 0;
    }
    double left = Math.max(0, exhaustion.toEpochMilli() - last);
    return (long) Math.min(1.15 * left, AHEAD * (last - from));
  }

  /** Where the trend leads by then, up to the limit; 0 when there is none. */
  private double forecast(long millis) {
    Instant exhaustion = data.verdict().exhaustion();
    if (to == last || exhaustion == null) {
      return 0;
    }
    int open = points.get(points.size() - 1).open();
    double share = (double) (millis - last) / Math.max(1, exhaustion.toEpochMilli() - last);
    long soft = Math.max(open, data.reconciliation().limits().soft());
    return open + Math.min(1, share) * (soft - open);
  }

  void write(Markup page) {
    page.tag("div", "class", "wide chart " + id);
    page.tag(
        "svg",
        "viewBox",
        "0 0 " + WIDTH + " " + HEIGHT,
        "role",
        "img",
        "aria-labelledby",
        id + "-title " + id + "-text",
        "tabindex",
        "0",
        "data-from",
        Long.toString(from),
        "data-to",
        Long.toString(to),
        "data-left",
        Integer.toString(LEFT),
        "data-right",
        Integer.toString(RIGHT));
    page.element("title", "Open descriptors by owner over time", "id", id + "-title");
    page.element("desc", description(), "id", id + "-text").line();
    grid(page);
    areas(page);
    ahead(page);
    limit(page);
    page.empty("line", "class", "cross", "y1", Integer.toString(TOP), "y2", text(BOTTOM));
    page.end().end().line();
  }

  /** The picture in a few sentences. */
  private String description() {
    Timeline.Point first = points.get(0);
    Timeline.Point newest = points.get(points.size() - 1);
    Timeline.Point most = first;
    for (Timeline.Point point : points) {
      most = point.open() > most.open() ? point : most;
    }
    return "From %s to %s: %s open at first, %s at last, at most %s at %s. Limit: %s. %s"
        .formatted(
            Words.time(first.at()),
            Words.time(newest.at()),
            Words.number(first.open()),
            Words.number(newest.open()),
            Words.number(most.open()),
            Words.time(most.at()),
            Opening.limit(newest.limit()),
            Opening.trend(data));
  }

  private void grid(Markup page) {
    double step = step(top / 5);
    for (double value = 0; value <= top; value += step) {
      String y = text(y(value));
      page.empty("line", "class", "grid", "x1", text(LEFT), "x2", text(RIGHT), "y1", y, "y2", y);
      page.element(
          "text",
          Words.number((long) value),
          "class",
          "scale y",
          "x",
          text(LEFT - 8),
          "y",
          text(y(value) + 4));
    }
    TimeAxis axis = TimeAxis.of(from, to);
    for (long tick : axis.ticks()) {
      String x = text(x(tick));
      page.empty("line", "class", "tick", "x1", x, "x2", x, "y1", text(BOTTOM), "y2", "277");
      page.element("text", axis.label(tick), "class", "scale x", "x", x, "y", "292");
    }
    page.line();
  }

  private void areas(Markup page) {
    int[] below = new int[points.size()];
    for (Owner owner : owners) {
      StringBuilder path = new StringBuilder();
      for (int i = 0; i < below.length; i++) {
        Timeline.Point point = points.get(i);
        to(path, i == 0 ? 'M' : 'L', x(point.at().toEpochMilli()), y(below[i] + point.open(owner)));
      }
      for (int i = below.length - 1; i >= 0; i--) {
        to(path, 'L', x(points.get(i).at().toEpochMilli()), y(below[i]));
        below[i] += points.get(i).open(owner);
      }
      page.path("area o-" + owner.label(), path.append('Z')).line();
    }
    StringBuilder total = new StringBuilder();
    for (Timeline.Point point : points) {
      to(total, total.isEmpty() ? 'M' : 'L', x(point.at().toEpochMilli()), y(point.open()));
    }
    page.path("total", total).line();
  }

  private void ahead(Markup page) {
    if (to == last) {
      return;
    }
    Timeline.Point newest = points.get(points.size() - 1);
    long reached = Math.min(to, data.verdict().exhaustion().toEpochMilli());
    StringBuilder path = new StringBuilder();
    to(path, 'M', x(last), y(newest.open()));
    to(path, 'L', x(reached), y(forecast(reached)));
    page.path("forecast", path);
    String now = text(x(last));
    page.empty("line", "class", "now", "x1", now, "x2", now, "y1", text(TOP), "y2", text(BOTTOM));
    page.element("text", "now", "class", "note end", "x", text(x(last) - 5), "y", text(TOP - 6));
    if (reached < to) {
      String x = text(x(reached));
      String y = text(y(forecast(reached)));
      page.empty("circle", "class", "reached", "cx", x, "cy", y, "r", "4");
      Instant exhaustion = data.verdict().exhaustion();
      Duration left = Duration.between(data.written(), exhaustion);
      String label = "limit in " + Words.duration(left);
      String above = text(y(forecast(reached)) - 8);
      page.element("text", label, "class", "note end", "x", text(RIGHT), "y", above);
    }
    page.line();
  }

  private void limit(Markup page) {
    if (limit < 0) {
      return;
    }
    if (!limitShown) {
      String note = "limit " + Words.number(limit) + ", far above";
      page.element("text", note, "class", "note", "x", text(LEFT + 6), "y", text(TOP - 6));
      return;
    }
    StringBuilder path = new StringBuilder();
    double before = -1;
    for (Timeline.Point point : points) {
      if (Opening.isLimit(point.limit()) && point.limit() <= top) {
        double x = x(point.at().toEpochMilli());
        if (before >= 0 && before != point.limit()) {
          to(path, 'L', x, y(before));
        }
        to(path, path.isEmpty() ? 'M' : 'L', x, y(point.limit()));
        before = point.limit();
      }
    }
    to(path, 'L', RIGHT, y(limit));
    page.path("limit", path);
    String label = "limit " + Words.number(limit);
    page.element("text", label, "class", "note", "x", text(LEFT + 6), "y", text(y(limit) - 5));
  }

  private double x(long millis) {
    return LEFT + (double) (millis - from) / (to - from) * (RIGHT - LEFT);
  }

  private double y(double count) {
    return BOTTOM - count / top * (BOTTOM - TOP);
  }

  /** The least of 1, 2, 5, 10, 20 and so on that is no less. */
  private static double step(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(Math.max(1, least))));
    for (int times : new int[] {1, 2, 5}) {
      if (times * power >= least) {
        return times * power;
      }
    }
    return 10 * power;
  }

  private static void to(StringBuilder path, char how, double x, double y) {
    path.append(how).append(text(x)).append(' ').append(text(y));
  }

  /** To a tenth, without the formatter, which is asked for thousands of these. */
  private static String text(double number) {
    long tenths = Math.round(10 * number);
    String sign = tenths < 0 ? "-" : "";
    long size = Math.abs(tenths);
    return sign + size / 10 + (size % 10 == 0 ? "" : "." + size % 10);
  }
}
