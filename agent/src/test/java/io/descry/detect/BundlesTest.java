package io.descry.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Kind;
import io.descry.os.Limits;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Library;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Site;
import java.util.List;
import org.junit.jupiter.api.Test;

class BundlesTest {
  private static final Library UV = new Library("libuv", null, "/usr/lib/libuv.so.1");
  private static final List<String> JAVA =
      List.of("com.sun.jna.Native.invokeInt(Native Method)", "com.example.Uv.loop(Uv.java:5)");

  private final World world = new World();
  private final Detector detector = new Detector(42, List::of, Thresholds.DEFAULT);
  private Verdict verdict = Verdict.NONE;

  @Test
  void anEventLoopIsOneFindingNotThree() {
    for (int i = 0; i < 140; i++) {
      world.openLoop(key(Kind.EVENTPOLL, UV, JAVA), World.FOREVER);
      world.open(key(Kind.TIMERFD, UV, JAVA), 2, World.FOREVER);
      scan();
    }
    assertThat(verdict.findings()).hasSize(1);
    Finding finding = verdict.findings().get(0);
    assertThat(finding.group().kind()).isEqualTo(Kind.EVENTPOLL);
    assertThat(finding.count()).isEqualTo(finding.descriptors().size()).isGreaterThan(500);
    assertThat(finding.evidence())
        .extracting(Evidence::text)
        .anyMatch(text -> text.matches(".*: (\\d+) eventpoll, \\1 eventfd, \\d+ timerfd"));
    assertThat(finding.ratePerMinute()).isBetween(200.0, 260.0);
  }

  @Test
  void whatComesFromAnotherPlaceIsAnotherFinding() {
    List<String> elsewhere = List.of("com.example.Timers.start(Timers.java:5)");
    for (int i = 0; i < 140; i++) {
      world.openLoop(key(Kind.EVENTPOLL, UV, JAVA), World.FOREVER);
      world.open(key(Kind.TIMERFD, UV, elsewhere), 1, World.FOREVER);
      scan();
    }
    assertThat(verdict.findings())
        .extracting(finding -> finding.group().kind())
        .containsExactlyInAnyOrder(Kind.EVENTPOLL, Kind.TIMERFD);
  }

  @Test
  void whatComesAtOtherTimesIsAnotherFinding() {
    world.limits = new Limits(480, 480);
    for (int i = 0; i < 140; i++) {
      world.openLoop(key(Kind.EVENTPOLL, UV, JAVA), World.FOREVER);
      world.open(key(Kind.TIMERFD, UV, JAVA), i % 3 == 0 ? 4 : 0, World.FOREVER);
      scan();
    }
    assertThat(verdict.findings())
        .extracting(finding -> finding.group().kind())
        .containsExactlyInAnyOrder(Kind.EVENTPOLL, Kind.TIMERFD);
  }

  @Test
  void filesAndDirectoryOfADatabase() {
    Library rocks = new Library("rocksdbjni", "9.0", null);
    for (int i = 0; i < 140; i++) {
      world.open(key(Kind.FILE, rocks, JAVA), 4, World.FOREVER);
      world.open(key(Kind.DIRECTORY, rocks, JAVA), 2, World.FOREVER);
      scan();
    }
    assertThat(verdict.findings()).hasSize(1);
    assertThat(verdict.findings().get(0).group().kind()).isEqualTo(Kind.FILE);
  }

  @Test
  void aScanBetweenTheTwoDoesNotPartThem() {
    for (int i = 0; i < 140; i++) {
      world.open(key(Kind.EVENTPOLL, UV, JAVA), 5, World.FOREVER);
      world.open(key(Kind.TIMERFD, UV, JAVA), i % 2 == 0 ? 3 : 7, World.FOREVER);
      scan();
    }
    assertThat(verdict.findings()).hasSize(1);
  }

  @Test
  void whatOneMethodAsksOfALibraryInTurnIsOneCause() {
    List<String> pipe =
        List.of("com.example.Uv.pipe(Native Method)", "com.example.Loop.<init>(Loop.java:8)");
    List<String> file =
        List.of(
            "com.example.Uv.open(Native Method)",
            "com.example.Loop.log(Loop.java:30)",
            "com.example.Loop.<init>(Loop.java:9)");
    for (int i = 0; i < 140; i++) {
      world.open(key(Kind.PIPE, UV, pipe), 2, World.FOREVER);
      world.open(key(Kind.FILE, UV, file), 1, World.FOREVER);
      scan();
    }
    assertThat(verdict.findings()).hasSize(1);
  }

  @Test
  void whatTwoMethodsOfJavaOpenIsTwoCauses() {
    for (int i = 0; i < 140; i++) {
      world.open(World.java(Kind.SOCKET_UDP, "ask"), 1, World.FOREVER);
      world.open(World.file("answer"), 1, World.FOREVER);
      scan();
    }
    assertThat(verdict.findings()).hasSize(2);
  }

  @Test
  void aFewThatWereThereByChanceAreNotTakenIn() {
    world.open(key(Kind.DEVICE, UV, JAVA), 2, World.FOREVER);
    for (int i = 0; i < 140; i++) {
      world.openLoop(key(Kind.EVENTPOLL, UV, JAVA), World.FOREVER);
      scan();
    }
    assertThat(verdict.findings().get(0).evidence())
        .extracting(Evidence::text)
        .noneMatch(text -> text.contains("device"));
  }

  private static GroupKey key(Kind kind, Library library, List<String> java) {
    return new GroupKey(
        Owner.LIBRARY, library, kind, new Site(java, List.of("libuv.so.1!" + kind + "+0x1")));
  }

  private void scan() {
    verdict = detector.examine(world.observe());
  }
}
