package io.descry.detect;

import io.descry.os.Descriptor;
import io.descry.reconcile.Discrepancy;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.NativeAct;
import io.descry.reconcile.Owner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Java believes that it holds a number which is closed, or leads elsewhere: someone closed it
 * behind the owner's back, and the owner will close, read or write what is not its own. A hazard
 * that held once stays. The finding's count is how often it happened; nothing of it is open.
 */
final class ClosedBehindOwner implements Rule {
  static final String NAME = "closed-behind-owner";
  private static final int LISTED = 20;
  private static final int SITES = 1000;
  private static final int REMEMBERED = 10_000;

  /** What has happened at one site. */
  private static final class Case {
    int count;
    final List<Evidence> evidence = new ArrayList<>();
  }

  private record Occurrence(int number, long sequence) {}

  private final Commands commands;
  private final Names names = new Names(NAME);
  private final Map<GroupKey, Case> cases = new LinkedHashMap<>();

  /** What was told of each; the oldest is forgotten first. */
  private final Map<Occurrence, Evidence> told =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Occurrence, Evidence> eldest) {
          return size() > REMEMBERED;
        }
      };

  ClosedBehindOwner(Commands commands) {
    this.commands = commands;
  }

  @Override
  public List<Finding> examine(Scan scan) {
    scan.facts().discrepancies().forEach(this::add);
    List<Finding> findings = new ArrayList<>();
    cases.forEach((key, happened) -> findings.add(finding(scan, key, happened)));
    return findings;
  }

  private void add(Discrepancy discrepancy) {
    GroupKey key = new GroupKey(Owner.JAVA, null, discrepancy.kind(), discrepancy.site());
    if (cases.size() >= SITES && !cases.containsKey(key)) {
      return;
    }
    Case happened = cases.computeIfAbsent(key, any -> new Case());
    Occurrence occurrence = new Occurrence(discrepancy.number(), discrepancy.sequence());
    Evidence before = told.get(occurrence);
    if (before == null) {
      happened.count++;
      Evidence now = evidence(discrepancy);
      told.put(occurrence, now);
      if (happened.evidence.size() < LISTED) {
        happened.evidence.add(now);
      }
    } else if (before.type().equals("closed") && discrepancy.now() != null) {
      // Its number has a new user: that is worse, and the same occurrence.
      Evidence now = evidence(discrepancy);
      told.put(occurrence, now);
      happened.evidence.replaceAll(one -> one == before ? now : one);
    }
  }

  private Evidence evidence(Discrepancy discrepancy) {
    Descriptor now = discrepancy.now();
    String what =
        "Java opened descriptor %d (%s%s) at %s%s and has not closed it, yet %s"
                .formatted(
                    discrepancy.number(),
                    discrepancy.kind().label(),
                    discrepancy.before() == null ? "" : ", " + discrepancy.before().target(),
                    discrepancy.opened(),
                    discrepancy.thread() == null ? "" : " in thread " + discrepancy.thread(),
                    now == null
                        ? "the number is closed"
                        : "the number now is %s, %s".formatted(now.kind().label(), now.target()))
            + culprit(discrepancy.act());
    return new Evidence(
        now == null ? "closed" : "reused", what, commands.numbers(List.of(discrepancy.number())));
  }

  /** What native code was seen to do with the number since; empty when nothing. */
  private static String culprit(NativeAct act) {
    if (act == null) {
      return "";
    }
    return (act.closed()
            ? "; it was closed by %s of %s"
            : "; since then %s of %s was given the number")
        .formatted(act.call(), act.object().name());
  }

  private Finding finding(Scan scan, GroupKey key, Case happened) {
    Names.Name name = names.of(key, scan.at());
    boolean reused = happened.evidence.stream().anyMatch(one -> one.type().equals("reused"));
    List<String> advice = new ArrayList<>();
    advice.add(
        "Look for native code that is given the number of what %s opened and closes it: a library"
                .formatted(key.site().applicationFrame().orElse("this site"))
            + " that takes over a descriptor must be given a duplicate, or the Java side must let go.");
    advice.add("Also for a close(2) run twice: the second one hits whoever got the number next.");
    if (reused) {
      advice.add(
          "When the Java side closes its object it will close the number's new user:"
              + " expect EBADF and data in the wrong place there.");
    }
    return new Finding(
        name.id(),
        NAME,
        Confidence.CERTAIN,
        true,
        key,
        happened.count,
        List.of(),
        happened.evidence,
        name.firstSeen(),
        0,
        null,
        advice);
  }
}
