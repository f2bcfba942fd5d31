package io.descry.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.descry.os.Descriptor;
import io.descry.os.Kind;
import io.descry.reconcile.Discrepancy;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosedBehindOwnerTest {
  private final World world = new World();
  private final ClosedBehindOwner rule = new ClosedBehindOwner(Commands.of(42));
  private long tick;

  @Test
  void sayWhatJavaOpenedAndWhatTheNumberIsNow() {
    world.discrepancies.add(discrepancy(7, 1, "read", null));
    world.discrepancies.add(
        discrepancy(8, 2, "read", descriptor(8, Kind.SOCKET_TCP, "socket:[5]")));

    Finding finding = scan().get(0);

    assertThat(finding.hazard()).isTrue();
    assertThat(finding.confidence()).isEqualTo(Confidence.CERTAIN);
    assertThat(finding.count()).isEqualTo(2);
    assertThat(finding.descriptors()).isEmpty();
    assertThat(finding.evidence())
        .extracting(Evidence::type, Evidence::check)
        .containsExactly(
            tuple("closed", "ls -l /proc/42/fd/7"), tuple("reused", "ls -l /proc/42/fd/8"));
    assertThat(finding.evidence().get(0).text())
        .contains("descriptor 7 (file, /data/before)", "thread worker", "the number is closed");
    assertThat(finding.evidence().get(1).text())
        .contains("the number now is socket.tcp, socket:[5]");
  }

  @Test
  void oneFindingForASiteWhichStaysWhenAllIsOver() {
    world.discrepancies.add(discrepancy(7, 1, "read", null));
    world.discrepancies.add(discrepancy(9, 2, "write", null));
    List<Finding> before = scan();
    world.discrepancies.clear();
    List<Finding> after = scan();

    assertThat(before)
        .extracting(Finding::id)
        .containsExactly("closed-behind-owner-1", "closed-behind-owner-2");
    assertThat(after).isEqualTo(before);
  }

  @Test
  void countTheSameOneOnceAndListTwenty() {
    for (int scan = 1; scan <= 30; scan++) {
      world.discrepancies.add(discrepancy(100 + scan, scan, "read", null));
      scan();
    }
    Finding finding = scan().get(0);
    assertThat(finding.count()).isEqualTo(30);
    assertThat(finding.evidence()).hasSize(20);
  }

  private static Discrepancy discrepancy(int number, long sequence, String method, Descriptor now) {
    return new Discrepancy(
        number,
        sequence,
        Kind.FILE,
        World.file(method).site(),
        World.START,
        "worker",
        descriptor(number, Kind.FILE, "/data/before"),
        now,
        null);
  }

  private static Descriptor descriptor(int number, Kind kind, String target) {
    return new Descriptor(number, kind, target, 1, number, 0, 0, null, null);
  }

  private List<Finding> scan() {
    return rule.examine(Scan.of(++tick, world.reconcile()));
  }
}
