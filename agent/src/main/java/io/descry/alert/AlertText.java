package io.descry.alert;

import io.descry.report.VisibleText;
import java.time.Duration;
import java.util.Locale;

/** Alerts in words for an operator: one line each, with nothing that could forge another. */
final class AlertText {
  private static final int LONGEST = 400;
  private static final int LONGEST_NAME = 100;

  private final AlertSettings settings;

  AlertText(AlertSettings settings) {
    this.settings = settings;
  }

  /** Of all kinds but findings. */
  String of(AlertKind kind, boolean raised, Figures figures) {
    return switch (kind) {
      case USAGE -> usage(raised, figures);
      case GROWTH -> growth(raised, figures);
      case EXHAUSTION -> exhaustion(raised, figures);
      case FINDING -> throw new IllegalArgumentException("findings have a text of their own");
    };
  }

  private String usage(boolean raised, Figures figures) {
    return String.format(
        Locale.ROOT,
        "%,d of %,d descriptors are open, %d %% (%s %d %%)",
        figures.open(),
        figures.limit(),
        (int) Math.floor(100 * figures.usage()),
        raised ? "alert from" : "no longer near",
        Math.round(100 * settings.usage()));
  }

  private String growth(boolean raised, Figures figures) {
    return String.format(
        Locale.ROOT,
        "%,d descriptors are open, growing by %.1f a minute (%s %s)",
        figures.open(),
        figures.growthPerMinute(),
        raised ? "alert from" : "no longer near",
        plain(settings.growth()));
  }

  private String exhaustion(boolean raised, Figures figures) {
    String open =
        String.format(Locale.ROOT, "%,d of %,d descriptors", figures.open(), figures.limit());
    if (figures.left() == null) {
      return open + " are open, and no end is in sight";
    }
    return String.format(
        Locale.ROOT,
        "%s are open; growing by %.1f a minute they reach the limit in %s (%s %s)",
        open,
        figures.growthPerMinute(),
        words(figures.left()),
        raised ? "alert within" : "no longer near",
        words(settings.exhaustion()));
  }

  static String of(AlertedFinding finding, boolean raised) {
    String what =
        String.format(
            Locale.ROOT,
            "%s %s, %,d %s, %s",
            finding.confidence(),
            finding.hazard() ? "hazard" : "leak",
            finding.count(),
            finding.kind(),
            finding.library() == null
                ? "owner " + finding.owner()
                : "library " + VisibleText.of(finding.library(), LONGEST_NAME));
    return raised
        ? what + ": " + VisibleText.of(finding.evidence().get(0), LONGEST)
        : "no longer found: " + what;
  }

  /** Two units at most. */
  private static String words(Duration duration) {
    if (duration.toDays() > 0) {
      return duration.toDays() + " d " + duration.toHoursPart() + " h";
    }
    if (duration.toHours() > 0) {
      return duration.toHours() + " h " + duration.toMinutesPart() + " min";
    }
    return duration.toMinutes() > 0
        ? duration.toMinutes() + " min " + duration.toSecondsPart() + " s"
        : duration.toSeconds() + " s";
  }

  private static String plain(double number) {
    return number == Math.rint(number)
        ? String.format(Locale.ROOT, "%,.0f", number)
        : Double.toString(number);
  }
}
