package io.descry.report;

import io.descry.reconcile.Frames;
import io.descry.reconcile.Site;
import java.util.ArrayList;
import java.util.List;

/** A site as lines of text, with the frame that a developer looks for first marked. */
final class SiteText {
  private static final int SHOWN = 12;
  private static final int LONGEST_FRAME = 300;

  private SiteText() {}

  /**
   * The innermost Java frame that is not plumbing, without loader and module; {@code null} when
   * there is none.
   */
  static String opener(Site site) {
    int index = Frames.application(site.java());
    return index < 0 ? null : Frames.bare(VisibleText.of(site.java().get(index), LONGEST_FRAME));
  }

  /** The best short name of a site: its opener, else its innermost frame of either stack. */
  static String shortName(Site site) {
    String opener = opener(site);
    if (opener != null) {
      return opener;
    }
    if (!site.java().isEmpty()) {
      return Frames.bare(VisibleText.of(site.java().get(0), LONGEST_FRAME));
    }
    return site.natives().isEmpty()
        ? "site unknown"
        : VisibleText.of(site.natives().get(0), LONGEST_FRAME);
  }

  /**
   * The stack, native frames first where there are any, with the border between the two marked;
   * nothing for a site of which nothing is known.
   */
  static void write(TextPage page, Site site, String indent) {
    if (site.isUnknown()) {
      return;
    }
    List<String> frames = new ArrayList<>();
    fold(site.natives(), -1, frames);
    int opener = Frames.application(site.java());
    int marked = -1;
    if (site.natives().isEmpty()) {
      frames.addAll(site.java());
      marked = opener;
    } else if (!site.java().isEmpty()) {
      frames.add("---- called by Java through " + border(site) + " ----");
      marked = fold(site.java(), opener, frames);
    }
    String kind = site.natives().isEmpty() ? "Java stack" : "Stack";
    page.line(
        indent
            + kind
            + ", innermost first"
            + (opener < 0 ? ":" : " (> first frame outside the JDK and I/O libraries):"));
    frames(page, frames, marked, indent);
  }

  /** Adds frames, each run of those that only hand a call on as one; where the mark went. */
  private static int fold(List<String> frames, int opener, List<String> into) {
    int marked = -1;
    for (int i = 0; i < frames.size(); i++) {
      int first = i;
      while (i < frames.size() && i != opener && Frames.isBorder(frames.get(i))) {
        i++;
      }
      if (i - first > 1) {
        into.add("... " + Words.count(i - first, "frame") + " that hand the call on");
      } else if (i - first == 1) {
        into.add(frames.get(first));
      }
      if (i < frames.size()) {
        marked = i == opener ? into.size() : marked;
        into.add(frames.get(i));
      }
    }
    return marked;
  }

  /** What Java code called the native code through. */
  static String border(Site site) {
    String top = Frames.bare(site.java().get(0));
    if (site.natives().stream().anyMatch(Frames::isBorder)) {
      return "JNA";
    }
    return top.startsWith("jdk.internal.foreign.") || top.startsWith("java.lang.invoke.")
        ? "the FFM API"
        : "JNI";
  }

  private static void frames(TextPage page, List<String> frames, int marked, String indent) {
    // A mark deep down is shown with its surroundings, in place of the middle of the plumbing.
    int head = marked < SHOWN - 2 ? SHOWN : SHOWN / 3;
    int tail = marked < SHOWN - 2 ? SHOWN : marked - 2;
    int end = Math.min(frames.size(), tail + SHOWN - head);
    for (int i = 0; i < Math.min(head, frames.size()); i++) {
      frame(page, frames.get(i), i == marked, indent);
    }
    if (tail > head) {
      more(page, tail - head, indent);
    }
    for (int i = tail; i < end; i++) {
      frame(page, frames.get(i), i == marked, indent);
    }
    int shownEnd = Math.max(Math.min(head, frames.size()), end);
    if (shownEnd < frames.size()) {
      more(page, frames.size() - shownEnd, indent);
    }
  }

  private static void frame(TextPage page, String frame, boolean marked, String indent) {
    page.line(indent + (marked ? "  > " : "    ") + VisibleText.of(frame, LONGEST_FRAME));
  }

  private static void more(TextPage page, int count, String indent) {
    page.line(indent + "    ... " + Words.count(count, "frame") + " not shown");
  }
}
