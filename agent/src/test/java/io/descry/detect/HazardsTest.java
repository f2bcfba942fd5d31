package io.descry.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.ChildHold;
import io.descry.os.Descriptor;
import io.descry.os.Kind;
import io.descry.os.ThreadStay;
import io.descry.os.ThreadWait;
import io.descry.os.WaitCall;
import io.descry.os.tracer.FailedClose;
import io.descry.os.tracer.NativeClose;
import io.descry.os.tracer.NativeObject;
import io.descry.os.tracer.NativeObject.Role;
import io.descry.os.tracer.NativeStack;
import io.descry.os.tracer.NativeUse;
import io.descry.reconcile.DoubleClose;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Inheritance;
import io.descry.reconcile.Library;
import io.descry.reconcile.LostWait;
import io.descry.reconcile.OwnedDescriptor;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Sightings;
import io.descry.reconcile.Site;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HazardsTest {
  private static final NativeObject FOO =
      new NativeObject(1, "/opt/libfoo.so", "libfoo.so", null, Role.LIBRARY);
  private static final NativeObject BAR =
      new NativeObject(2, "/opt/libbar.so", "libbar.so", null, Role.LIBRARY);
  private static final Library LIBRARY = new Library("foo", "1.0", FOO.path());
  private static final Site SITE = new Site(List.of("com.acme.Shop.end(Shop.java:9)"), List.of());
  private static final GroupKey GROUP = new GroupKey(Owner.LIBRARY, LIBRARY, Kind.SOCKET_TCP, SITE);

  private final World world = new World();
  private final Hazards hazards = new Hazards(Commands.of(42));
  private final List<DoubleClose> doubleCloses = new ArrayList<>();
  private final List<LostWait> lostWaits = new ArrayList<>();
  private final List<Inheritance> inheritances = new ArrayList<>();
  private long tick;

  @Test
  void aDoubleCloseIsToldAtOnceWithBothClosersAndStays() {
    doubleCloses.add(doubleClose(7));
    doubleCloses.add(doubleClose(8));
    Finding finding = scan().get(0);
    assertThat(finding.id()).isEqualTo("double-close-1");
    assertThat(finding.hazard()).isTrue();
    assertThat(finding.confidence()).isEqualTo(Confidence.CERTAIN);
    assertThat(finding.count()).isEqualTo(2);
    assertThat(finding.group().library()).isEqualTo(LIBRARY);
    assertThat(finding.evidence().get(0).text())
        .isEqualTo(
            "close of libfoo.so was called on descriptor 7 at 2026-01-01T00:00:00Z in thread worker"
                + " and failed with EBADF, for fclose of libbar.so had closed it at"
                + " 2025-12-31T23:59:59Z; eventfd of libfoo.so had opened it");
    assertThat(finding.evidence().get(0).check()).contains("strace", "-p 42");
    assertThat(finding.advice().get(0)).contains("com.acme.Shop.end");
    doubleCloses.clear();
    assertThat(scan()).containsExactly(finding);
  }

  @Test
  void ofManyTwentyAreListed() {
    for (int i = 0; i < 30; i++) {
      doubleCloses.add(doubleClose(i));
    }
    Finding finding = scan().get(0);
    assertThat(finding.count()).isEqualTo(30);
    assertThat(finding.evidence()).hasSize(20);
  }

  @Test
  void aLostWaitIsToldWhenTwoScansHaveSeenIt() {
    lostWaits.add(lost(5, 7, 3, true));
    assertThat(scan()).isEmpty();
    Finding finding = scan().get(0);
    assertThat(finding.rule()).isEqualTo("close-under-use");
    assertThat(finding.confidence()).isEqualTo(Confidence.CERTAIN);
    assertThat(finding.hazard()).isTrue();
    assertThat(finding.evidence())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.text())
                  .startsWith("thread io-5 (5) waits in recv on descriptor 7, which is closed")
                  .contains("fclose of libbar.so closed it", "eventfd of libfoo.so had opened it");
              assertThat(one.check()).isEqualTo("cat /proc/42/task/5/syscall; ls -l /proc/42/fd/7");
            });
    scan();
    assertThat(scan().get(0).count()).isEqualTo(1);
    lostWaits.clear();
    assertThat(scan()).hasSize(1);
  }

  @Test
  void whatMayHaveBeenUsedByOthersMeanwhileIsProbable() {
    lostWaits.add(lost(5, 7, 3, false));
    scan();
    assertThat(scan().get(0).confidence()).isEqualTo(Confidence.PROBABLE);
  }

  @Test
  void aWaitOnWhatANumberWasIsToldWithHowOftenTheThreadHasSlept() {
    lostWaits.add(lost(WaitCall.READ, 7, use(4)));
    scan();
    assertThat(scan().get(0).evidence())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.text())
                  .isEqualTo(
                      "thread io-5 (5) waits in read on what descriptor 7 was, and another is now:"
                          + " fclose of libbar.so closed it at 2026-01-01T00:00:00Z, eventfd of"
                          + " libfoo.so had opened it; eventfd of libfoo.so has opened the number"
                          + " again. The thread has slept all the while, voluntary_ctxt_switches is"
                          + " still 81");
              assertThat(one.check())
                  .isEqualTo(
                      "cd /proc/42 && cat task/5/syscall && grep ^vol task/5/status; ls -l fd/7");
            });
  }

  @Test
  void aWaitInPollNamesTheNumberAndReadsTheMemoryByHand() {
    lostWaits.add(lost(WaitCall.POLL, 7, null));
    lostWaits.add(lost(WaitCall.SELECT, 17, null));
    scan();
    List<Evidence> evidence = scan().get(0).evidence();
    assertThat(evidence.get(0).text())
        .startsWith("thread io-5 (5) waits in poll on descriptors of which 7 is closed: fclose of")
        .endsWith("voluntary_ctxt_switches is still 81");
    assertThat(evidence.get(0).check()).contains("dd if=mem bs=8", "$1 == 7");
    assertThat(evidence.get(1).check()).contains("$(($a + 2))", ">> 1 & 1");
  }

  @Test
  void anotherUseOfTheNumberIsAnotherWait() {
    for (int generation = 1; generation < 5; generation++) {
      lostWaits.clear();
      lostWaits.add(lost(5, 7, generation, true));
      assertThat(scan()).isEmpty();
    }
  }

  @Test
  void anInheritanceIsToldForEachChildThatTwoScansHaveSeen() {
    inheritances.add(inheritance(100, true));
    assertThat(scan()).isEmpty();
    inheritances.add(inheritance(101, true));
    assertThat(scan().get(0).count()).isEqualTo(1);
    Finding finding = scan().get(0);
    assertThat(finding.rule()).isEqualTo("inherited");
    assertThat(finding.confidence()).isEqualTo(Confidence.CERTAIN);
    assertThat(finding.count()).isEqualTo(2);
    assertThat(finding.evidence().get(0).text())
        .isEqualTo(
            "child process 100 (sleep) holds descriptor 9 (socket.tcp, socket:[9]) as well: it was"
                + " opened without close-on-exec");
    assertThat(finding.evidence().get(0).check())
        .isEqualTo("ls -l /proc/42/fd/9 /proc/100/fd/9; grep flags /proc/42/fdinfo/9");
    assertThat(finding.advice()).anyMatch(advice -> advice.contains("an address stays in use"));
  }

  @Test
  void helpersThatPassAreNotToldOf() {
    for (int child = 100; child < 105; child++) {
      inheritances.clear();
      inheritances.add(inheritance(child, true));
      assertThat(scan()).isEmpty();
    }
  }

  @Test
  void whereOnlyTheInodeIsKnownAnInheritanceIsProbable() {
    inheritances.add(inheritance(100, false));
    scan();
    assertThat(scan().get(0).confidence()).isEqualTo(Confidence.PROBABLE);
  }

  private static DoubleClose doubleClose(int number) {
    FailedClose close =
        new FailedClose(
            number,
            "close",
            FOO,
            World.START,
            12,
            "worker",
            NativeStack.NONE,
            use(number),
            World.START.minusSeconds(1));
    return new DoubleClose(close, LIBRARY, Kind.EVENTFD, SITE);
  }

  private static NativeUse use(long generation) {
    return new NativeUse(
        generation,
        "eventfd",
        FOO,
        0,
        12,
        null,
        1,
        1,
        -1,
        NativeStack.NONE,
        new NativeClose("fclose", BAR, 1, 13),
        false);
  }

  private static LostWait lost(int thread, int number, long generation, boolean sure) {
    return new LostWait(
        new ThreadWait(thread, WaitCall.RECEIVE, number, true),
        number,
        "io-" + thread,
        GROUP,
        use(generation),
        use(generation).close(),
        World.START,
        null,
        null,
        sure);
  }

  private static LostWait lost(WaitCall call, int number, NativeUse next) {
    boolean polls = call != WaitCall.READ;
    return new LostWait(
        new ThreadWait(5, call, polls ? ThreadWait.NO_NUMBER : number),
        number,
        "io-5",
        GROUP,
        use(number),
        use(number).close(),
        World.START,
        next,
        new ThreadStay(1, 81),
        !polls);
  }

  private static Inheritance inheritance(int child, boolean sameOpenFile) {
    OwnedDescriptor owned =
        new OwnedDescriptor(
            new Descriptor(9, Kind.SOCKET_TCP, "socket:[9]", 1, 9, 0, 0, null, null),
            GROUP,
            World.START,
            true,
            null,
            "socket",
            null,
            1,
            false);
    return new Inheritance(owned, new ChildHold(child, "sleep", 9, sameOpenFile));
  }

  private List<Finding> scan() {
    return hazards.examine(
        Scan.of(++tick, world.reconcile()), new Sightings(doubleCloses, lostWaits, inheritances));
  }
}
