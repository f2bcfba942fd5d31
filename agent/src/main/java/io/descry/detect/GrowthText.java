package io.descry.detect;

import io.descry.os.tracer.NativeError;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import io.descry.reconcile.Owner;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Puts growth into words.
 *
 * @param commands to check by hand
 * @param libraries who could be answerable for what is foreign
 */
record GrowthText(Commands commands, NativeLibraries libraries) {
  private static final int NAMED = 5;

  /**
   * The facts.
   *
   * @param quiet scans since the growth was last seen, 0 while it lasts
   */
  List<Evidence> evidence(
      Scan scan, GroupKey key, Trend trend, List<OwnedDescriptor> leaked, long quiet) {
    List<Evidence> evidence = new ArrayList<>();
    evidence.add(
        new Evidence(
            "growth",
            ("of those open for %d scans or more there were %d, and %s later %d: %s per minute more, in"
                    + " every part of that time; ups and downs by chance do that with p < %s")
                .formatted(
                    Level.AGE * trend.stride() + 1,
                    trend.before(),
                    Headroom.words(Duration.between(trend.from(), trend.to())),
                    trend.after(),
                    digits(60 * trend.perSecond(), 2, RoundingMode.HALF_EVEN),
                    digits(trend.chance(), 1, RoundingMode.UP)),
            commands.count(key.kind(), leaked)));
    evidence.add(
        new Evidence(
            "survivors",
            "of those, %s closed in that time"
                .formatted(trend.lost() == 0 ? "none was" : trend.lost() + " were"),
            commands.list(leaked)));
    List<OwnedDescriptor> peerGone = Scan.closeWait(leaked);
    if (!peerGone.isEmpty()) {
      evidence.add(
          new Evidence(
              "close-wait",
              "the peer of %d of %d has closed, this side has not"
                  .formatted(peerGone.size(), leaked.size()),
              commands.closeWait(peerGone)));
    }
    evidence.addAll(new Targets(commands).evidence(leaked));
    if (key.owner() == Owner.FOREIGN) {
      evidence.add(foreign());
    } else if (key.owner() == Owner.LIBRARY) {
      evidence.add(opener(key, leaked));
    }
    String errors = errors(scan, key, trend, leaked);
    if (!errors.isEmpty()) {
      evidence.add(
          new Evidence(
              "errors",
              "since about when these began, its calls failed: " + errors,
              commands.libraries()));
    }
    if (quiet > 0) {
      evidence.add(
          new Evidence(
              "plateau",
              "no more growth for %d scans, but what had grown is still open".formatted(quiet),
              commands.list(leaked)));
    }
    if (scan.facts().limits().soft() >= 0) {
      evidence.add(
          new Evidence(
              "limit",
              "%d descriptors are open, the soft limit is %s"
                  .formatted(scan.facts().open(), limit(scan.facts().limits().soft())),
              commands.limit() + "; " + commands.all()));
    }
    return evidence;
  }

  /** What to do. */
  List<String> advice(Scan scan, GroupKey key, List<OwnedDescriptor> leaked, double perSecond) {
    List<String> advice = new ArrayList<>();
    advice.add(
        switch (key.owner()) {
          case LIBRARY ->
              "Look for what the application asks of %s and never gives back (close, shutdown, free)."
                  .formatted(key.library().name());
          case JAVA ->
              key.site().isUnknown()
                  ? "No stack was taken for these. Findings of the same kind that have one may be the"
                      + " same leak; with stacks=all every open keeps its stack, at its cost."
                  : "Look at what %s opens: who is to close it, and on which path does that not happen?"
                      .formatted(key.site().applicationFrame().orElse("this site"));
          default ->
              "Native code opened these, Java did not: look for an object of a library named above"
                  + " that is made again and again and never closed or shut down.";
        });
    if (!Scan.closeWait(leaked).isEmpty()) {
      advice.add(
          "The peers have hung up: close the socket when a read returns end of stream, and on error.");
    }
    advice.addAll(Headroom.of(scan.facts()).advice(commands, key, perSecond));
    return advice;
  }

  private Evidence opener(GroupKey key, List<OwnedDescriptor> leaked) {
    List<String> calls =
        leaked.stream().map(OwnedDescriptor::call).filter(Objects::nonNull).distinct().toList();
    String frame =
        key.site().natives().isEmpty() ? key.library().name() : key.site().natives().get(0);
    return new Evidence(
        "opener",
        calls.isEmpty()
            ? "a Java object of %s stands for each of these".formatted(key.library().name())
            : "the native tracer saw %s call %s for each of these"
                .formatted(frame, String.join(", ", calls)),
        commands.libraries());
  }

  /**
   * What the library's calls failed with, of what had not failed so before the leak began. That is
   * known to the length of the window in which the growth was seen, for the first that leaked may
   * be before it.
   */
  private static String errors(Scan scan, GroupKey key, Trend trend, List<OwnedDescriptor> leaked) {
    if (key.owner() != Owner.LIBRARY || key.library().path() == null || leaked.isEmpty()) {
      return "";
    }
    Instant began = leaked.get(0).opened().minus(Duration.between(trend.from(), trend.to()));
    return scan.facts().errors().stream()
        .filter(error -> error.object() != null)
        .filter(error -> error.object().path().equals(key.library().path()))
        .filter(error -> !error.first().isBefore(began))
        .sorted(Comparator.comparing(NativeError::count).reversed())
        .limit(NAMED)
        .map(error -> error.call() + " " + error.errno() + " x" + error.count())
        .collect(Collectors.joining(", "));
  }

  private Evidence foreign() {
    List<String> suspects = libraries.suspects();
    return new Evidence(
        "foreign",
        "no Java code opened these; "
            + (suspects.isEmpty()
                ? "no native library beside the JDK's own is known to be loaded"
                : "native libraries loaded: " + String.join(", ", suspects)),
        commands.libraries());
  }

  private static String digits(double value, int digits, RoundingMode mode) {
    return new BigDecimal(value).round(new MathContext(digits, mode)).toPlainString();
  }

  private static String limit(long soft) {
    return soft == Long.MAX_VALUE ? "unlimited" : Long.toString(soft);
  }
}
