package io.descry.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Kind;
import io.descry.reconcile.CollectedSite;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Site;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosedByCollectorTest {
  private final World world = new World();
  private final ClosedByCollector rule = new ClosedByCollector(Commands.of(42));
  private final GroupKey key = World.file("read");
  private long tick;

  @Test
  void countWhatWasClosedAndListWhatIsOpen() {
    scan();
    world.now = World.START.plusSeconds(120);
    world.open(key, 3, World.FOREVER);
    collected(key.site(), 10);

    Finding finding = scan().get(0);

    assertThat(finding.group()).isEqualTo(key);
    assertThat(finding.confidence()).isEqualTo(Confidence.CERTAIN);
    assertThat(finding.count()).isEqualTo(10);
    assertThat(finding.descriptors()).hasSize(3);
    assertThat(finding.ratePerMinute()).isEqualTo(5);
    assertThat(finding.advice().get(0)).contains("com.example.Shop.read(Shop.java:7)");
  }

  @Test
  void oneIsNone() {
    collected(key.site(), 1);
    assertThat(scan()).isEmpty();
    collected(key.site(), 2);
    assertThat(scan()).hasSize(1);
  }

  @Test
  void blameNobodyForWhatTheJdkLeavesToTheCollector() {
    collected(
        new Site(
            List.of(
                "java.base/java.io.FileInputStream.<init>(FileInputStream.java:158)",
                "java.desktop/sun.font.FontFile.read(FontFile.java:1)",
                "java.base/java.lang.Thread.run(Thread.java:840)"),
            List.of()),
        100);
    collected(Site.UNKNOWN, 100);
    assertThat(scan()).isEmpty();
  }

  @Test
  void staysWithItsIdThoughTheLedgerForgetsTheSite() {
    collected(key.site(), 2);
    Finding before = scan().get(0);
    world.collected.clear();
    Finding after = scan().get(0);
    assertThat(after.id()).isEqualTo(before.id());
    assertThat(after.firstSeen()).isEqualTo(before.firstSeen());
  }

  private void collected(Site site, long count) {
    world.collected.removeIf(one -> one.site().equals(site));
    world.collected.add(new CollectedSite(Kind.FILE, site, count, world.now, world.now));
  }

  private List<Finding> scan() {
    return rule.examine(Scan.of(++tick, world.reconcile()));
  }
}
