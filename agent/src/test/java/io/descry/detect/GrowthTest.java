package io.descry.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.descry.os.Kind;
import io.descry.os.Limits;
import io.descry.os.Socket;
import io.descry.os.tracer.NativeError;
import io.descry.os.tracer.NativeObject;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Library;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Site;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GrowthTest {
  private static final GroupKey EPOLL = World.foreign(Kind.EVENTPOLL);
  private static final GroupKey TCP = World.java(Kind.SOCKET_TCP, "connect");

  private final World world = new World(1, Duration.ofSeconds(30));
  private final Growth rule =
      new Growth(
          Commands.of(42),
          new NativeLibraries(
              () ->
                  List.of(
                      "/usr/lib/x86_64-linux-gnu/libc.so.6",
                      System.getProperty("java.home") + "/lib/server/libjvm.so",
                      "/opt/libuv.so.1.0.0")),
          Thresholds.DEFAULT);
  private long tick;
  private List<Finding> last = List.of();

  /** So low that a few scans' growth can use it up: a leak shows as soon as it can. */
  @BeforeEach
  void aLowLimit() {
    world.limits = new Limits(480, 4000);
  }

  @Test
  void nameRateLimitAndWhoCouldBeAnswerable() {
    world.limits = new Limits(1000, 4000);
    leak(EPOLL, 60);

    Finding finding = last.get(0);

    assertThat(finding.confidence()).isEqualTo(Confidence.PROBABLE);
    assertThat(finding.count()).isEqualTo(58);
    assertThat(finding.ratePerMinute()).isCloseTo(2, within(0.01));
    assertThat(Duration.between(world.now, finding.exhaustion()).toMinutes()).isBetween(465L, 471L);
    assertThat(finding.evidence())
        .extracting(Evidence::type)
        .containsExactly("growth", "survivors", "foreign", "limit");
    assertThat(finding.evidence().get(2).text())
        .contains("libuv.so.1.0.0")
        .doesNotContain("libjvm");
    assertThat(finding.evidence().get(2).text()).doesNotContain("libc.so");
    assertThat(finding.advice())
        .anyMatch(line -> line.contains("prlimit --pid 42 --nofile=4000:4000"));
  }

  @Test
  void sayWhatTheLibrarysCallsFailedWithSinceItBegan() {
    String path = "/usr/lib/libuv.so.1.0.0";
    GroupKey key =
        new GroupKey(Owner.LIBRARY, new Library("libuv", null, path), Kind.EVENTPOLL, Site.UNKNOWN);
    NativeObject uv = new NativeObject(1, path, "libuv.so.1", null, NativeObject.Role.LIBRARY);
    world.errors.add(
        new NativeError(
            uv, "open", "ENOENT", 3, World.START.minus(Duration.ofDays(1)), World.START));
    // With the first that leaks, which is before the window in which growth shows.
    world.errors.add(new NativeError(uv, "read", "EIO", 5, world.now, world.now));
    leak(key, 10);
    world.errors.add(new NativeError(uv, "socket", "EMFILE", 12, world.now, world.now));
    leak(key, 20);
    assertThat(last.get(0).evidence())
        .filteredOn(evidence -> evidence.type().equals("errors"))
        .singleElement()
        .satisfies(
            evidence ->
                assertThat(evidence.text())
                    .contains("socket EMFILE x12", "read EIO x5")
                    .doesNotContain("ENOENT"));
  }

  @Test
  void leaveAPoolThatWasThereOutOfTheCount() {
    world.open(EPOLL, 50, World.FOREVER);
    quiet(100);
    leak(EPOLL, 40);
    assertThat(last.get(0).count()).isBetween(36, 40);
  }

  @Test
  void doubtWhatHasStoppedAndKeepItsId() {
    leak(EPOLL, 30);
    Finding before = last.get(0);
    quiet(12);
    Finding after = last.get(0);

    assertThat(before.confidence()).isEqualTo(Confidence.PROBABLE);
    assertThat(after.confidence()).isEqualTo(Confidence.SUSPECT);
    assertThat(after.id()).isEqualTo(before.id());
    assertThat(after.firstSeen()).isEqualTo(before.firstSeen());
    assertThat(after.count()).isEqualTo(30);
    assertThat(after.ratePerMinute()).isZero();
    assertThat(after.exhaustion()).isNull();
    assertThat(after.evidence()).extracting(Evidence::type).contains("plateau");
  }

  @Test
  void forgetWhatHasLongStopped() {
    leak(EPOLL, 30);
    quiet(100);
    assertThat(last).hasSize(1);
    quiet(60);
    assertThat(last).isEmpty();
  }

  @Test
  void beSureAgainOfWhatGoesOnGrowing() {
    leak(EPOLL, 30);
    quiet(40);
    assertThat(last.get(0).confidence()).isEqualTo(Confidence.SUSPECT);
    leak(EPOLL, 40);
    assertThat(last.get(0).confidence()).isEqualTo(Confidence.PROBABLE);
    assertThat(last.get(0).count()).isEqualTo(68);
  }

  @Test
  void leaveAloneWhatAPoolMayHold() {
    world.limits = new Limits(100_000, 100_000);
    leak(EPOLL, 100);
    quiet(100);
    assertThat(last).isEmpty();
  }

  @Test
  void doNotWaitForThatManyWhereTheLimitIsLow() {
    leak(EPOLL, 26);
    assertThat(last).isEmpty();
    leak(EPOLL, 1);
    assertThat(last).hasSize(1);
  }

  @Test
  void dropWhatIsClosedAndAskForTwiceTheTimeAfterwards() {
    leak(EPOLL, 40);
    assertThat(last).hasSize(1);
    world.close(EPOLL, 40);
    quiet(1);
    assertThat(last).isEmpty();

    leak(EPOLL, 40);
    assertThat(last).isEmpty();
    leak(EPOLL, 80);
    assertThat(last).extracting(Finding::id).containsExactly("growth-2");
  }

  @Test
  void takeBackWhatTurnsOutToTurnOver() {
    boolean found = false;
    for (int i = 0; i < 200; i++) {
      world.open(EPOLL, 1, 40);
      quiet(1);
      found |= !last.isEmpty();
    }
    assertThat(found).as("forty scans of nothing but opening look like a leak").isTrue();
    assertThat(last).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"JVM", "INHERITED", "AGENT"})
  void lookOnlyAtWhatTheApplicationCanAnswerFor(Owner owner) {
    leak(new GroupKey(owner, null, Kind.FILE, Site.UNKNOWN), 60);
    assertThat(last).isEmpty();
  }

  @Test
  void countSocketsWhosePeerIsGone() {
    for (int i = 0; i < 30; i++) {
      world.open(TCP, socket("10.0.0.1:" + (5000 + i), "CLOSE_WAIT", 0));
      quiet(1);
    }
    assertThat(last.get(0).evidence()).extracting(Evidence::type).contains("close-wait");
    assertThat(last.get(0).advice()).anyMatch(line -> line.contains("end of stream"));
  }

  @Test
  void leaveOutWhatAPeerHoldsOpenAndWhatIsInUse() {
    world.open(TCP, socket("0.0.0.0:8080", "LISTEN", -1));
    for (int i = 0; i < 60; i++) {
      world.open(TCP, socket("10.0.0.1:8080", "ESTABLISHED", 1_000_000));
      world.open(TCP, socket("10.0.0.1:" + (5000 + i), "ESTABLISHED", 0));
      quiet(1);
    }
    assertThat(last).isEmpty();
  }

  @Test
  void countIdleSocketsOfOurOwnMaking() {
    for (int i = 0; i < 30; i++) {
      world.open(TCP, socket("10.0.0.1:" + (5000 + i), "ESTABLISHED", 1_000_000));
      quiet(1);
    }
    assertThat(last).hasSize(1);
  }

  @Test
  void countListeningSockets() {
    for (int i = 0; i < 30; i++) {
      world.open(TCP, socket("10.0.0.1:" + (5000 + i), "LISTEN", -1));
      quiet(1);
    }
    assertThat(last).hasSize(1);
  }

  @Test
  void seeInSixteenScansWhatGrowsFast() {
    world.limits = new Limits(1_000_000, 1_000_000);
    for (int i = 0; i < 17; i++) {
      assertThat(last).as("scan " + i).isEmpty();
      world.open(EPOLL, 30, World.FOREVER);
      world.open(World.file("slower"), 20, World.FOREVER);
      quiet(1);
    }
    world.open(EPOLL, 30, World.FOREVER);
    quiet(1);
    assertThat(last).extracting(Finding::group).containsExactly(EPOLL);
  }

  @Test
  void seeWhatComesInBurstsAndNeverGoes() {
    world.limits = new Limits(1_000_000, 1_000_000);
    for (int i = 0; i < 125; i++) {
      world.open(EPOLL, i % 7 == 0 ? 40 : 0, World.FOREVER);
      quiet(1);
    }
    assertThat(last).hasSize(1);
    assertThat(last.get(0).count()).as("from the first on").isGreaterThan(640);
  }

  @Test
  void takeArchivesOfClassLoadersForAClassPathUntilTheyAreVeryMany() {
    world.limits = new Limits(1_000_000, 1_000_000);
    GroupKey archives =
        new GroupKey(
            Owner.JAVA,
            null,
            Kind.FILE,
            new Site(
                List.of(
                    "java.base/java.util.zip.ZipFile.<init>(ZipFile.java:100)",
                    "java.base/jdk.internal.loader.URLClassPath$JarLoader.checkJar(URLClassPath.java:9)",
                    "com.example.Shop.start(Shop.java:7)"),
                List.of()));
    for (int i = 0; i < 100; i++) {
      world.open(archives, 10, World.FOREVER);
      quiet(1);
      assertThat(last).isEmpty();
    }
    for (int i = 0; i < 20; i++) {
      world.open(archives, 10, World.FOREVER);
      quiet(1);
    }
    assertThat(last).hasSize(1);
  }

  @Test
  void rememberABoundedNumberOfGroupsAndTheGrowingOnesFirst() {
    for (int i = 0; i < 40; i++) {
      world.open(EPOLL, 1, World.FOREVER);
      world.open(World.file("once" + i), 1, World.FOREVER);
      if (i == 30) {
        for (int many = 0; many < Growth.GROUPS; many++) {
          world.open(World.file("many" + many), 3, World.FOREVER);
        }
      }
      quiet(1);
    }
    assertThat(rule.remembered()).isEqualTo(Growth.GROUPS);
    assertThat(last).extracting(Finding::group).containsExactly(EPOLL);
  }

  @Test
  void leaveAloneTheEventsOfWindowsThreads() {
    world.limits = new Limits(1 << 24, 1 << 24);
    for (int i = 0; i < 200; i++) {
      world.open(World.foreign(Kind.THREAD), i < 90 ? 1 : 0, World.FOREVER);
      world.open(World.foreign(Kind.EVENT), i < 90 ? 4 : 0, World.FOREVER);
      quiet(1);
      assertThat(last).as("scan " + i).isEmpty();
    }
    world.open(World.foreign(Kind.EVENT), 300, World.FOREVER);
    leak(World.foreign(Kind.EVENT), 400);
    assertThat(last).extracting(Finding::group).containsExactly(World.foreign(Kind.EVENT));
  }

  @Test
  void leaveAloneWhatOnlyTheCollectorCloses() {
    world.limits = new Limits(1 << 24, 1 << 24);
    leak(World.java(Kind.PROCESS, "start"), 400);
    assertThat(last).isEmpty();
    leak(World.java(Kind.IO_COMPLETION, "start"), 400);
    assertThat(last).hasSize(1);
  }

  private void leak(GroupKey key, int scans) {
    for (int i = 0; i < scans; i++) {
      world.open(key, 1, World.FOREVER);
      quiet(1);
    }
  }

  private void quiet(int scans) {
    for (int i = 0; i < scans; i++) {
      last = rule.examine(Scan.of(++tick, world.reconcile()));
    }
  }

  private static Socket socket(String local, String state, long idle) {
    return new Socket("tcp", local, "10.0.0.9:80", state, 0, 0, idle);
  }
}
