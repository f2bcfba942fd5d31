package io.descry.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Limits;
import io.descry.reconcile.GarbageCollections;
import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Reconciliation;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static final Instant BEGIN = Instant.parse("2026-11-01T00:00:00Z");
  private static final OwnedDescriptor ONE = Sample.owned(Sample.FILES, 7, "/f", null);

  private final Timeline timeline = new Timeline();

  @Test
  void remembersAFewScansAsTheyWere() {
    timeline.add(scan(0, 1024, Map.of(Sample.FILES, 3, Sample.POLLS, 2)));
    timeline.add(scan(1, 4096, Map.of(Sample.FILES, 4)));

    List<Timeline.Point> points = timeline.points();

    assertThat(points).hasSize(2);
    assertThat(points.get(0).at()).isEqualTo(BEGIN);
    assertThat(points.get(0).open()).isEqualTo(5);
    assertThat(points.get(0).open(Owner.JAVA)).isEqualTo(3);
    assertThat(points.get(0).open(Owner.LIBRARY)).isEqualTo(2);
    assertThat(points.get(0).open(Owner.FOREIGN)).isZero();
    assertThat(points.get(0).limit()).isEqualTo(1024);
    assertThat(points.get(1).limit()).isEqualTo(4096);
  }

  @Test
  void losesNothingBeforeItIsFull() {
    run(Timeline.SPANS, n -> n * 7 % 50);

    assertThat(timeline.points()).hasSize(Timeline.SPANS);
    for (int n = 0; n < Timeline.SPANS; n++) {
      assertThat(timeline.points().get(n).open()).isEqualTo(n * 7 % 50);
    }
  }

  @Test
  void isBoundedAndInOrderHoweverLongItRuns() {
    for (int n = 0; n < 100_000; n++) {
      timeline.add(scan(n, 1024, Map.of(Sample.FILES, n * 31 % 97)));
      if (n % 977 == 0) {
        assertThat(timeline.points()).hasSizeLessThanOrEqualTo(Timeline.POINTS);
      }
    }

    assertThat(timeline.points())
        .hasSizeBetween(Timeline.POINTS / 2, Timeline.POINTS)
        .extracting(Timeline.Point::at)
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void keepsTheFirstScanAndTheLast() {
    run(5_000, n -> n == 0 ? 11 : n == 4_999 ? 12 : 10 + n % 2 * 5);

    List<Timeline.Point> points = timeline.points();
    assertThat(points.get(0).at()).isEqualTo(BEGIN);
    assertThat(points.get(0).open()).isEqualTo(11);
    assertThat(points.get(points.size() - 1).at()).isEqualTo(at(4_999));
    assertThat(points.get(points.size() - 1).open()).isEqualTo(12);
  }

  @Test
  void keepsPeaksAndTroughsOfOneScanHoweverOld() {
    run(50_000, n -> n == 1_234 ? 300 : n == 20_000 ? 1 : n == 49_000 ? 250 : 100);

    assertThat(timeline.points())
        .anySatisfy(point -> has(point, 1_234, 300))
        .anySatisfy(point -> has(point, 20_000, 1))
        .anySatisfy(point -> has(point, 49_000, 250));
  }

  @Test
  void showsTheLastMinutesCloselyAndTheWholeLifeEvenly() {
    int scans = 86_400; // A month of scans 30 s apart.
    run(scans, n -> n % 10);

    List<Instant> at = timeline.points().stream().map(Timeline.Point::at).toList();
    assertThat(at.stream().filter(time -> time.isAfter(at(scans - 21))))
        .as("of the last ten minutes")
        .hasSizeGreaterThan(10);
    for (int eighth = 0; eighth < 8; eighth++) {
      Instant from = at(eighth * scans / 8);
      Instant to = at((eighth + 1) * scans / 8);
      assertThat(at.stream().filter(time -> !time.isBefore(from) && time.isBefore(to)))
          .as("of the eighth " + eighth)
          .hasSizeGreaterThan(12);
    }
  }

  private static void has(Timeline.Point point, int scan, int open) {
    assertThat(point.at()).isEqualTo(at(scan));
    assertThat(point.open()).isEqualTo(open);
  }

  private void run(int scans, IntUnaryOperator open) {
    for (int n = 0; n < scans; n++) {
      timeline.add(scan(n, 1024, Map.of(Sample.FILES, open.applyAsInt(n))));
    }
  }

  private static Instant at(int scan) {
    return BEGIN.plus(Duration.ofSeconds(30L * scan));
  }

  private static Reconciliation scan(int number, long limit, Map<GroupKey, Integer> counts) {
    List<Group> groups =
        counts.entrySet().stream()
            .map(count -> new Group(count.getKey(), Collections.nCopies(count.getValue(), ONE)))
            .toList();
    return new Reconciliation(
        number + 1,
        at(number),
        new Limits(limit, 4096),
        groups,
        List.of(),
        List.of(),
        List.of(),
        new GarbageCollections(0, null));
  }
}
