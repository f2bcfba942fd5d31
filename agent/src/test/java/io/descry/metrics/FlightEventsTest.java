package io.descry.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.detect.Confidence;
import io.descry.detect.Evidence;
import io.descry.detect.Finding;
import io.descry.detect.Resolved;
import io.descry.detect.Verdict;
import io.descry.os.Kind;
import io.descry.os.Limits;
import io.descry.reconcile.GarbageCollections;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Library;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Reconciliation;
import io.descry.reconcile.Site;
import io.descry.report.Sample;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightEventsTest {
  private static final GroupKey KEY =
      new GroupKey(Owner.LIBRARY, new Library("lib\nuv", "1.44", null), Kind.EVENTFD, Site.UNKNOWN);

  @TempDir private Path directory;
  private final FakeSource source = new FakeSource();
  private final FlightEvents events = FlightEvents.of(source);
  private Instant now = Sample.WRITTEN;

  @Test
  void tellsWhatBecomesOfAFinding() throws Exception {
    List<RecordedEvent> told =
        recorded(
            "descry.Finding",
            () -> {
              scan(finding(100, Confidence.SUSPECT));
              scan(finding(100, Confidence.SUSPECT));
              scan(finding(109, Confidence.SUSPECT));
              scan(finding(110, Confidence.SUSPECT));
              scan(finding(110, Confidence.PROBABLE));
              now = now.plus(Duration.ofMinutes(6));
              scan(finding(111, Confidence.PROBABLE));
              source.verdict =
                  new Verdict(
                      List.of(),
                      0,
                      null,
                      List.of(
                          new Resolved(
                              "growth-1", "growth", Confidence.PROBABLE, KEY, 111, now, now, 90)));
              scanned();
            });

    assertThat(told)
        .extracting(event -> event.getString("change") + " " + event.getInt("count"))
        .containsExactly("new 100", "changed 110", "changed 110", "holds 111", "resolved 111");
    assertThat(told).extracting(event -> event.getString("id")).containsOnly("growth-1");
    assertThat(told.get(0).getString("library")).as("no forged lines").isEqualTo("libuv 1.44");
    assertThat(told.get(4).getInt("closed")).isEqualTo(90);
    assertThat(told.get(0).getEventType().getCategoryNames()).containsExactly("Descry");
  }

  @Test
  void tellsALaterRecordingWhatHoldsAlready() throws Exception {
    scan(finding(100, Confidence.PROBABLE));

    List<RecordedEvent> told =
        recorded(
            "descry.Finding",
            () -> {
              scan(finding(100, Confidence.PROBABLE));
              scan(finding(100, Confidence.PROBABLE));
            });

    assertThat(told).extracting(event -> event.getString("change")).containsExactly("holds");
  }

  @Test
  void warnsOnceUntilItIsOver() throws Exception {
    List<RecordedEvent> told =
        recorded(
            "descry.Exhaustion",
            () -> {
              source.verdict = new Verdict(List.of(), 0.001, now.plus(Duration.ofHours(2)));
              scanned();
              source.verdict = new Verdict(List.of(), 1, now.plus(Duration.ofMinutes(59)));
              scanned();
              source.verdict = new Verdict(List.of(), 1, now.plus(Duration.ofMinutes(70)));
              scanned();
              source.verdict = Verdict.NONE;
              scanned();
            });

    assertThat(told)
        .extracting(event -> event.getString("change"))
        .containsExactly("new", "resolved");
    assertThat(told.get(0).getDuration("left")).isEqualTo(Duration.ofMinutes(59));
    assertThat(told.get(0).getLong("limit")).isEqualTo(1024);
  }

  @Test
  void tellsEachScan() throws Exception {
    List<RecordedEvent> told = recorded("descry.Scan", () -> scan(finding(1, Confidence.CERTAIN)));

    assertThat(told).hasSize(1);
    assertThat(told.get(0).getDuration("took")).isEqualTo(Duration.ofMillis(5));
    assertThat(told.get(0).getInt("findings")).isEqualTo(1);
    assertThat(told.get(0).getInt("blind")).isEqualTo(2);
    assertThat(told.get(0).getLong("limit")).isEqualTo(1024);
  }

  private List<RecordedEvent> recorded(String event, Runnable work) throws Exception {
    Path file = directory.resolve("test.jfr");
    try (Recording recording = new Recording()) {
      recording.start();
      work.run();
      recording.dump(file);
    }
    try (Stream<RecordedEvent> all = RecordingFile.readAllEvents(file).stream()) {
      return all.filter(one -> one.getEventType().getName().equals(event)).toList();
    }
  }

  private void scan(Finding finding) {
    source.verdict = new Verdict(List.of(finding), 0, null);
    scanned();
  }

  private void scanned() {
    source.reconciliation =
        new Reconciliation(
            1,
            now,
            new Limits(1024, 4096),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            GarbageCollections.NONE);
    events.scanned(Duration.ofMillis(5));
  }

  private static Finding finding(int count, Confidence confidence) {
    return new Finding(
        "growth-1",
        "growth",
        confidence,
        false,
        KEY,
        count,
        List.of(),
        List.of(new Evidence("growth", "it grows", "ls")),
        Sample.WRITTEN,
        1,
        null,
        List.of());
  }
}
