package io.descry.report;

import io.descry.reconcile.Owner;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How many were open over the process's life: as charts, as numbers for the script, as a table. */
final class TimelineHtml {
  private static final int ROWS = 24;
  private static final List<Duration> NEAR = List.of(Duration.ofHours(1), Duration.ofDays(1));

  private TimelineHtml() {}

  static void write(Markup page, ReportData data) {
    List<Timeline.Point> points = data.history();
    page.tag("section", "id", "timeline").element("h2", "Open descriptors over time").line();
    if (points.size() < 2) {
      page.element("p", "With a single scan there is no course to show yet.").end().line();
      return;
    }
    List<Owner> owners = owners(points);
    charts(page, data, points, owners);
    legend(page, points.get(points.size() - 1), owners);
    page.element("p", "", "class", "reading", "aria-live", "polite").line();
    table(page, points, owners);
    numbers(page, points, owners);
    page.end().line();
  }

  /** The whole life, and the last of it where that is much shorter. */
  private static void charts(
      Markup page, ReportData data, List<Timeline.Point> points, List<Owner> owners) {
    Instant last = points.get(points.size() - 1).at();
    Duration life = Duration.between(points.get(0).at(), last);
    List<Duration> near = new ArrayList<>();
    for (Duration window : NEAR) {
      if (life.compareTo(window.multipliedBy(2)) > 0) {
        near.add(window);
      }
    }
    if (near.isEmpty()) {
      new ChartSvg(data, points, owners, "chart-life").write(page);
      return;
    }
    page.tag("div", "class", "ranges");
    range(page, "life", "whole life", true);
    for (Duration window : near) {
      range(page, id(window), window.toHours() == 1 ? "last hour" : "last day", false);
    }
    new ChartSvg(data, points, owners, "chart-life").write(page);
    for (Duration window : near) {
      Instant from = last.minus(window);
      List<Timeline.Point> late = points.stream().filter(one -> one.at().isAfter(from)).toList();
      new ChartSvg(data, late.size() < 2 ? points : late, owners, "chart-" + id(window))
          .write(page);
    }
    page.end();
  }

  private static String id(Duration window) {
    return window.toHours() == 1 ? "hour" : "day";
  }

  private static void range(Markup page, String id, String label, boolean first) {
    page.empty(
        "input",
        "type",
        "radio",
        "name",
        "range",
        "id",
        "range-" + id,
        "checked",
        first ? "" : null);
    page.element("label", label, "for", "range-" + id);
  }

  private static void legend(Markup page, Timeline.Point now, List<Owner> owners) {
    page.tag("ul", "class", "legend");
    for (Owner owner : owners) {
      page.tag("li").tag("i", "class", "swatch o-" + owner.label()).end();
      page.text(owner.label() + " ").element("b", Words.number(now.open(owner))).end();
    }
    page.end().line();
  }

  /** Evenly chosen points: what the chart shows, for those who cannot see it. */
  private static void table(Markup page, List<Timeline.Point> points, List<Owner> owners) {
    page.tag("details").element("summary", "The course in numbers");
    page.tag("div", "class", "wide").tag("table");
    page.element("caption", "Open descriptors at some moments, by owner").tag("thead").tag("tr");
    page.element("th", "time (UTC)", "scope", "col");
    page.element("th", "open", "scope", "col", "class", "n");
    for (Owner owner : owners) {
      page.element("th", owner.label(), "scope", "col", "class", "n");
    }
    page.element("th", "limit", "scope", "col", "class", "n").end().end().tag("tbody").line();
    int rows = Math.min(ROWS, points.size());
    for (int row = 0; row < rows; row++) {
      Timeline.Point point = points.get((int) ((long) row * (points.size() - 1) / (rows - 1)));
      page.tag("tr").element("td", Words.time(point.at()));
      page.element("td", Words.number(point.open()), "class", "n");
      for (Owner owner : owners) {
        page.element("td", Words.number(point.open(owner)), "class", "n");
      }
      page.element("td", Opening.limit(point.limit()), "class", "n").end().line();
    }
    page.end().end().end().end().line();
  }

  /** A block of data is not executed; it holds numbers and the names of owners only. */
  private static void numbers(Markup page, List<Timeline.Point> points, List<Owner> owners) {
    page.tag("script", "type", "application/json", "id", "course");
    StringBuilder json = new StringBuilder("[[\"time\",\"open\",\"limit\"");
    for (Owner owner : owners) {
      json.append(",\"").append(owner.label()).append('"');
    }
    json.append(']');
    for (Timeline.Point point : points) {
      json.append(",\n[").append(point.at().toEpochMilli()).append(',').append(point.open());
      json.append(',').append(Opening.isLimit(point.limit()) ? point.limit() : -1);
      for (Owner owner : owners) {
        json.append(',').append(point.open(owner));
      }
      json.append(']');
    }
    page.data(json.append(']')).end().line();
  }

  private static List<Owner> owners(List<Timeline.Point> points) {
    List<Owner> owners = new ArrayList<>();
    for (Owner owner : Owner.values()) {
      if (points.stream().anyMatch(point -> point.open(owner) > 0)) {
        owners.add(owner);
      }
    }
    return owners;
  }
}
