package io.descry.report;

import io.descry.detect.Evidence;
import io.descry.detect.Finding;
import io.descry.os.Descriptor;
import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import io.descry.reconcile.Reconciliation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** All that is known of one descriptor. */
final class StoryHtml {
  private static final int EVIDENCE = 20;

  private StoryHtml() {}

  /** The descriptor of this number; {@code null} when it was not open. */
  static OwnedDescriptor find(Reconciliation facts, int number) {
    for (Group group : facts.groups()) {
      for (OwnedDescriptor owned : group.descriptors()) {
        if (owned.descriptor().number() == number) {
          return owned;
        }
      }
    }
    return null;
  }

  static void write(Markup page, ReportData data, OwnedDescriptor owned) {
    Descriptor descriptor = owned.descriptor();
    page.tag("h2", "id", "story-title").text("fd " + descriptor.number() + ", ");
    page.text(descriptor.kind().label()).end().line();
    page.tag("p").element("code", FindingText.target(descriptor)).end();
    if (owned.meaning() != null) {
      page.element("p", owned.meaning());
    }
    facts(page, data, owned);
    page.tag("h4").text("Where it was opened ").element("span", "innermost first", "class", "q");
    page.end();
    if (owned.group().site().isUnknown()) {
      page.element("p", "No stack is known.");
    }
    StackHtml.write(page, owned.group().site());
    evidence(page, data, owned);
    page.element("h4", "Look for yourself").line();
    long pid = data.process().pid();
    check(page, "ls -l /proc/" + pid + "/fd/" + descriptor.number());
    check(page, "cat /proc/" + pid + "/fdinfo/" + descriptor.number());
  }

  private static void facts(Markup page, ReportData data, OwnedDescriptor owned) {
    GroupKey key = owned.group();
    page.tag("dl", "class", "facts");
    fact(page, "Owner", key.owner().label() + ", " + FindingText.who(key));
    page.element("dt", "Opened by").tag("dd").element("code", FindingText.openedBy(key));
    page.end();
    fact(
        page,
        owned.openedExactly() ? "Opened" : "First seen",
        Words.time(owned.opened())
            + " UTC, "
            + Words.duration(Duration.between(owned.opened(), data.written()))
            + " before the last scan"
            + (owned.openedExactly() ? "" : "; when it was opened is in no book"));
    fact(page, "By thread", owned.thread() == null ? "not known" : owned.thread());
    if (owned.call() != null) {
      fact(page, "With", owned.call());
    }
    fact(
        page,
        "Seen",
        "unchanged in "
            + (owned.scans() == 1
                ? "the last scan, for the first time"
                : "the last " + Words.count(owned.scans(), "scan"))
            + "; the last was at "
            + Words.time(data.written()));
    if (owned.ownerUnreachable()) {
      fact(page, "Its Java object", "was garbage-collected: nothing can close it any more");
    }
    Descriptor descriptor = owned.descriptor();
    if (descriptor.position() >= 0) {
      fact(page, "Position", Words.number(descriptor.position()));
    }
    if (descriptor.watched() != null) {
      fact(page, "Watches", Words.count(descriptor.watched().size(), "descriptor"));
    }
    page.end().line();
  }

  private static void evidence(Markup page, ReportData data, OwnedDescriptor owned) {
    List<Finding> about = new ArrayList<>();
    for (Finding finding : data.verdict().findings()) {
      if (finding.descriptors().stream().anyMatch(one -> isSame(one, owned))) {
        about.add(finding);
      }
    }
    page.element("h4", about.isEmpty() ? "Nothing is found of it." : "What is found of it").line();
    for (Finding finding : about) {
      page.tag("p");
      FindingHtml.badge(page, finding);
      page.text(" " + FindingText.meaning(finding) + " ");
      page.element("a", finding.id(), "href", "#" + finding.id()).end().line();
      page.tag("ul", "class", "evidence");
      List<Evidence> facts = finding.evidence();
      for (Evidence fact : facts.subList(0, Math.min(EVIDENCE, facts.size()))) {
        page.tag("li").text(fact.text());
        if (fact.check() != null && !fact.check().isBlank()) {
          check(page, fact.check());
        }
        page.end().line();
      }
      page.end().line();
    }
  }

  private static boolean isSame(OwnedDescriptor one, OwnedDescriptor other) {
    return one.descriptor().number() == other.descriptor().number()
        && one.descriptor().isAlso(other.descriptor());
  }

  private static void check(Markup page, String command) {
    page.tag("pre", "class", "check").element("code", command).end().line();
  }

  private static void fact(Markup page, String name, String value) {
    page.element("dt", name).element("dd", value);
  }
}
