package io.descry.report;

import io.descry.detect.Resolved;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What was suspected and is no more, as text. */
final class ResolvedText {
  private static final int LISTED = 10;

  private ResolvedText() {}

  /** The latest first; nothing when there is nothing. */
  static void write(TextPage page, List<Resolved> resolved) {
    if (resolved.isEmpty()) {
      return;
    }
    page.heading("Suspected before, and resolved");
    List<Resolved> latestFirst = new ArrayList<>(resolved);
    Collections.reverse(latestFirst);
    for (Resolved one : latestFirst.subList(0, Math.min(LISTED, resolved.size()))) {
      page.wrap(
          "  - ",
          "%s, %s, %s x %s, %s: suspected from %s to %s; %s"
              .formatted(
                  one.id(),
                  one.confidence().label(),
                  Words.number(one.count()),
                  one.group().kind().label(),
                  SiteText.shortName(one.group().site()),
                  Words.time(one.from()),
                  Words.time(one.to()),
                  how(one)));
    }
    if (resolved.size() > LISTED) {
      page.line("    and %s earlier".formatted(Words.number(resolved.size() - LISTED)));
    }
  }

  /** What became of it, in words. */
  static String how(Resolved resolved) {
    return 2 * resolved.closed() >= resolved.count()
        ? Words.number(resolved.closed()) + " were closed after all"
        : "they no longer look forgotten";
  }
}
