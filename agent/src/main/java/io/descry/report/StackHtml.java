package io.descry.report;

import io.descry.reconcile.Frames;
import io.descry.reconcile.Site;
import java.util.List;

/** A site as one stack: native frames on Java's, innermost first, the frame to look at marked. */
final class StackHtml {
  private static final int SHOWN = 200;

  private StackHtml() {}

  /** Nothing for a site of which nothing is known. */
  static void write(Markup page, Site site) {
    if (site.isUnknown()) {
      return;
    }
    page.tag("ol", "class", "stack");
    for (String frame : site.natives().subList(0, Math.min(SHOWN, site.natives().size()))) {
      page.tag("li", "class", Frames.isBorder(frame) ? "native far" : "native");
      nativeFrame(page, frame);
      page.end().line();
    }
    if (!site.natives().isEmpty() && !site.java().isEmpty()) {
      String border = "called by Java through " + SiteText.border(site);
      page.element("li", border, "class", "border").line();
    }
    javaFrames(page, site.java());
    page.end();
  }

  private static void javaFrames(Markup page, List<String> frames) {
    int opener = Frames.application(frames);
    for (int i = 0; i < Math.min(SHOWN, frames.size()); i++) {
      page.tag("li", "class", i == opener ? "opener" : i < opener ? "far" : null);
      javaFrame(page, frames.get(i));
      page.end().line();
    }
    if (frames.size() > SHOWN) {
      page.element("li", Words.count(frames.size() - SHOWN, "frame") + " not shown");
    }
  }

  /** Package and source file step back behind class and method; the text stays as it is. */
  private static void javaFrame(Markup page, String frame) {
    int source = frame.indexOf('(');
    int end = source < 0 ? frame.length() : source;
    int method = frame.lastIndexOf('.', end - 1);
    int type = method < 0 ? -1 : frame.lastIndexOf('.', method - 1);
    page.tag("code");
    page.element("span", frame.substring(0, type + 1), "class", "q");
    page.text(frame.substring(type + 1, end));
    page.element("span", frame.substring(end), "class", "q").end();
  }

  private static void nativeFrame(Markup page, String frame) {
    int symbol = frame.indexOf('!') + 1;
    int offset = frame.lastIndexOf('+');
    int end = offset < symbol ? frame.length() : offset;
    page.tag("code").element("span", frame.substring(0, symbol), "class", "q");
    page.text(frame.substring(symbol, end));
    page.element("span", frame.substring(end), "class", "q").end();
  }
}
