package io.descry.alert;

import io.descry.detect.Confidence;
import io.descry.detect.Finding;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * What alerts, and what no longer does. For use by one thread, once after each scan; only {@link
 * #active} may be asked by others.
 *
 * <p>What is at its threshold swings around it, so that each condition has two: the operator's, and
 * a laxer one that must hold for {@value Latch#CALM} scans before it is over.
 */
final class Conditions {
  /** Of usage, how far below the threshold it is over; or half of it, when that is less. */
  static final double USAGE_MARGIN = 0.1;

  private static final double ROUNDING = 1e-9;

  /** Of the growth that alerts, what is over. */
  static final double GROWTH_MARGIN = 0.5;

  /** How many times as far as what alerts exhaustion must be to be over. */
  static final int EXHAUSTION_MARGIN = 2;

  /** From here on growth ends because nothing more can be opened, and no end is in sight. */
  static final double NEARLY_FULL = 0.9;

  static final int MOST_FINDINGS = 10;

  private final AlertSettings settings;
  private final Map<AlertKind, Latch> latches = new EnumMap<>(AlertKind.class);
  private final Map<String, Told> findings = new HashMap<>();
  private volatile Map<AlertKind, Integer> active = Map.of();

  /** A finding that alerted, as it was last seen. */
  private record Told(Latch latch, AlertedFinding last) {}

  Conditions(AlertSettings settings) {
    this.settings = settings;
    for (AlertKind kind : AlertKind.values()) {
      latches.put(kind, new Latch());
    }
  }

  /** How many of this kind were raised and not cleared. Safe for several threads. */
  int active(AlertKind kind) {
    return active.getOrDefault(kind, 0);
  }

  /** What this scan changes: first what was raised, the most pressing first. */
  List<Alert> examine(Figures figures, List<Finding> held) {
    Map<String, AlertedFinding> sure = new HashMap<>();
    List<AlertedFinding> listed = new ArrayList<>();
    for (Finding finding : held) {
      if (sureEnough(finding.confidence())) {
        AlertedFinding alerted = AlertedFinding.of(finding);
        sure.put(finding.id(), alerted);
        listed.add(alerted);
      }
    }
    List<AlertedFinding> most = listed.subList(0, Math.min(MOST_FINDINGS, listed.size()));
    List<Alert> alerts = new ArrayList<>();
    change(AlertKind.EXHAUSTION, exhausts(figures), !exhaustsLater(figures), figures, most, alerts);
    change(
        AlertKind.USAGE,
        figures.usage() >= settings.usage(),
        figures.usage() + ROUNDING < usageOver(),
        figures,
        most,
        alerts);
    change(
        AlertKind.GROWTH,
        figures.growthPerMinute() >= settings.growth(),
        figures.growthPerMinute() < GROWTH_MARGIN * settings.growth(),
        figures,
        most,
        alerts);
    for (AlertedFinding finding : listed) {
      Told told = findings.get(finding.id());
      Latch latch = told == null ? new Latch() : told.latch();
      findings.put(finding.id(), new Told(latch, finding));
      if (latch.update(true, false)) {
        alerts.add(of(finding, true, figures));
      }
    }
    gone(sure, figures, alerts);
    count();
    alerts.sort((a, b) -> Boolean.compare(b.raised(), a.raised()));
    return alerts;
  }

  private void gone(Map<String, AlertedFinding> sure, Figures figures, List<Alert> alerts) {
    for (Iterator<Told> all = findings.values().iterator(); all.hasNext(); ) {
      Told told = all.next();
      if (!sure.containsKey(told.last().id()) && told.latch().update(false, true)) {
        all.remove();
        alerts.add(of(told.last(), false, figures));
      }
    }
  }

  private boolean sureEnough(Confidence confidence) {
    // Declared from certain to suspect.
    return settings.findings() != null && confidence.compareTo(settings.findings()) <= 0;
  }

  private double usageOver() {
    return Math.max(settings.usage() - USAGE_MARGIN, settings.usage() / 2);
  }

  private boolean exhausts(Figures figures) {
    return settings.exhaustion() != null
        && figures.left() != null
        && figures.left().compareTo(settings.exhaustion()) <= 0;
  }

  private boolean exhaustsLater(Figures figures) {
    return settings.exhaustion() != null
        && (figures.usage() >= NEARLY_FULL
            || figures.left() != null
                && figures.left().compareTo(settings.exhaustion().multipliedBy(EXHAUSTION_MARGIN))
                    < 0);
  }

  private void change(
      AlertKind kind,
      boolean holds,
      boolean over,
      Figures figures,
      List<AlertedFinding> most,
      List<Alert> alerts) {
    Latch latch = latches.get(kind);
    if (latch.update(holds, over)) {
      String text = new AlertText(settings).of(kind, latch.raised(), figures);
      alerts.add(new Alert(kind.label(), kind, latch.raised(), text, figures, most, null));
    }
  }

  private static Alert of(AlertedFinding finding, boolean raised, Figures figures) {
    return new Alert(
        AlertKind.FINDING.label() + "-" + finding.id(),
        AlertKind.FINDING,
        raised,
        AlertText.of(finding, raised),
        figures,
        List.of(finding),
        null);
  }

  private void count() {
    Map<AlertKind, Integer> now = new EnumMap<>(AlertKind.class);
    latches.forEach((kind, latch) -> now.put(kind, latch.raised() ? 1 : 0));
    now.put(AlertKind.FINDING, findings.size());
    active = now;
  }
}
