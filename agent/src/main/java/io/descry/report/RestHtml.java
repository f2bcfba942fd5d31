package io.descry.report;

import io.descry.detect.Resolved;
import io.descry.os.Blind;
import io.descry.os.Limits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What is resolved, what Descry cannot see, and which process this is. */
final class RestHtml {
  private static final int LISTED = 20;

  private RestHtml() {}

  static void write(Markup page, ReportData data) {
    resolved(page, data.verdict().resolved());
    actions(page, data.actions());
    blind(page, data.blind());
    process(page, data);
  }

  private static void resolved(Markup page, List<Resolved> resolved) {
    if (resolved.isEmpty()) {
      return;
    }
    List<Resolved> latestFirst = new ArrayList<>(resolved);
    Collections.reverse(latestFirst);
    page.tag("section", "id", "resolved").element("h2", "Suspected before, and resolved");
    page.tag("ul");
    for (Resolved one : latestFirst.subList(0, Math.min(LISTED, latestFirst.size()))) {
      page.tag("li").text(Words.number(one.count()) + " × " + one.group().kind().label() + " ");
      page.element("code", SiteText.shortName(one.group().site()));
      page.text(
          ", %s, from %s to %s; %s (%s)"
              .formatted(
                  one.confidence().label(),
                  Words.time(one.from()),
                  Words.time(one.to()),
                  ResolvedText.how(one),
                  one.id()));
      page.end().line();
    }
    page.end();
    if (resolved.size() > LISTED) {
      page.element("p", "and " + Words.number(resolved.size() - LISTED) + " earlier");
    }
    page.end().line();
  }

  private static void actions(Markup page, List<ActionTaken> actions) {
    if (actions.isEmpty()) {
      return;
    }
    page.tag("section", "id", "actions").element("h2", "What Descry did").tag("ul");
    for (ActionTaken action : actions) {
      page.tag("li").text(Words.time(action.at()) + ": " + action.text()).end().line();
    }
    page.end().end().line();
  }

  private static void blind(Markup page, List<Blind> blind) {
    page.tag("section", "id", "blind").element("h2", "Blind spots");
    if (blind.isEmpty()) {
      page.element("p", "None known.");
    } else {
      page.element("p", "Silence about these means nothing.").tag("ul");
      for (Blind spot : blind) {
        page.tag("li").element("strong", spot.what());
        page.text(", since " + Words.time(spot.since()) + ": " + spot.why()).end().line();
      }
      page.end();
    }
    page.end().line();
  }

  private static void process(Markup page, ReportData data) {
    ProcessFacts process = data.process();
    Limits limits = data.reconciliation().limits();
    page.tag("section", "id", "process").element("h2", "Process").tag("dl", "class", "facts");
    fact(page, "Process id", Long.toString(process.pid()));
    fact(page, "Command", process.command());
    fact(page, "Java", process.java());
    fact(page, "Virtual machine", process.vm());
    fact(page, "System", process.os() + ", kernel " + process.kernel());
    fact(page, "Container", process.container() == null ? "none known" : process.container());
    fact(
        page,
        "Limit (ulimit -n)",
        "soft " + Opening.limit(limits.soft()) + ", hard " + Opening.limit(limits.hard()));
    fact(page, "Watched since", Words.time(data.started()) + " UTC");
    fact(page, "Descry", data.version());
    page.end().end().line();
  }

  private static void fact(Markup page, String name, String value) {
    page.element("dt", name).element("dd", value);
  }
}
