package io.descry.report;

import io.descry.reconcile.Frames;
import io.descry.reconcile.Site;
import java.util.List;

/** A site as lines of text, with the frame that a developer looks for first marked. */
final class SiteText {
  private static final int SHOWN = 12;
  private static final int LONGEST_FRAME = 300;

  // The JDK, language runtimes, and libraries that open descriptors on others' behalf.
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

  /** Both stacks; nothing for a site of which nothing is known. */
  static void write(TextPage page, Site site, String indent) {
    if (!site.java().isEmpty()) {
      int opener = Frames.application(site.java());
      page.line(
          indent
              + "Java stack, innermost first"
              + (opener < 0 ? ":" : " (> first frame outside the JDK and I/O libraries):"));
      frames(page, site.java(), opener, indent);
    }
    if (!site.natives().isEmpty()) {
      page.line(indent + "Native stack, innermost first:");
      frames(page, site.natives(), -1, indent);
    }
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
