package io.descry.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Answer;
import io.descry.os.ChildHold;
import io.descry.os.Descriptor;
import io.descry.os.Facts;
import io.descry.os.Kind;
import io.descry.os.Limits;
import io.descry.os.ThreadStay;
import io.descry.os.ThreadWait;
import io.descry.os.ThreadWaits;
import io.descry.os.WaitCall;
import io.descry.os.tracer.FailedClose;
import io.descry.os.tracer.NativeClose;
import io.descry.os.tracer.NativeFrame;
import io.descry.os.tracer.NativeObject;
import io.descry.os.tracer.NativeObject.Role;
import io.descry.os.tracer.NativeStack;
import io.descry.os.tracer.NativeUse;
import io.descry.owner.KnownOwner;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What counts as a misuse of a descriptor, and what only looks like one. */
class LookoutTest {
  private static final ThreadStay ASLEEP = new ThreadStay(1, 8);
  private static final ThreadWait READS = new ThreadWait(40, WaitCall.READ, 7);
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final NativeObject UV =
      new NativeObject(1, "/usr/lib/libuv.so.1.0.0", "libuv.so.1", "ab", Role.LIBRARY);
  private static final NativeObject NIO =
      new NativeObject(3, "/usr/lib/jvm/java/lib/libnio.so", "libnio.so", null, Role.JDK);
  private static final Library LIBUV = new Library("libuv", "1.44.2", UV.path());
  private static final NativeStack STACK =
      new NativeStack(
          List.of(new NativeFrame(UV, 0x1f2c0, "uv__close", 0x2c)),
          List.of(new StackTraceElement("com.acme.Loop", "end", "Loop.java", 7)));

  private final List<FailedClose> failed = new ArrayList<>();
  private final Map<Integer, NativeUse> uses = new HashMap<>();
  private final Map<Long, NativeClose> closes = new HashMap<>();
  private final FakeDescriptors descriptors = new FakeDescriptors();
  private final Lookout lookout =
      new Lookout(
          descriptors,
          new NativeBooks(
              new RecordedTracer(uses, closes, failed),
              use -> use.object() == UV ? LIBUV : null,
              new NoHandles()));
  private Instant now = START;

  @Test
  void aDoubleCloseIsToldOnceWhenItHasSettled() {
    fails(7, UV, 12, use("eventfd", UV, 1, NIO, 0));
    assertThat(look().doubleCloses()).isEmpty();
    now = now.plusSeconds(2);
    DoubleClose close = look().doubleCloses().get(0);
    assertThat(close.library()).isEqualTo(LIBUV);
    assertThat(close.kind()).isEqualTo(Kind.EVENTFD);
    assertThat(close.site().java()).containsExactly("com.acme.Loop.end(Loop.java:7)");
    assertThat(close.close().before().close().object()).isEqualTo(NIO);
    assertThat(look().doubleCloses()).isEmpty();
  }

  @Test
  void closesByTheJdkByNobodyKnownAndOfWhatNeverWasOpenAreNot() {
    fails(7, NIO, 12, use("eventfd", UV, 1, UV, 0));
    fails(8, null, 12, use("eventfd", UV, 2, UV, 0));
    fails(9, UV, 12, null);
    now = now.plusSeconds(2);
    assertThat(look().doubleCloses()).isEmpty();
  }

  @Test
  void whoClosesWhateverThereIsIsNotToldOfButOthersAre() {
    fails(99, UV, 13, use("socket", UV, 1, UV, 0));
    fails(3, UV, 12, use("socket", UV, 2, UV, 0));
    for (int number = 4; number < 12; number++) {
      fails(number, UV, 12, null);
    }
    now = now.plusSeconds(2);
    assertThat(look().doubleCloses())
        .extracting(found -> found.close().number())
        .containsExactly(99);
  }

  @Test
  void aSweepThatShowsItselfLaterTakesBackWhatItBeganWith() {
    fails(3, UV, 12, use("socket", UV, 2, UV, 0));
    assertThat(look().doubleCloses()).isEmpty();
    for (int number = 4; number < 12; number++) {
      fails(number, UV, 12, null);
    }
    now = now.plusSeconds(2);
    assertThat(look().doubleCloses()).isEmpty();
  }

  @Test
  void aLongRowOfNumbersIsASweepAndAListThatIsClosedTwiceIsNone() {
    for (int number = 100; number < 132; number++) {
      fails(number, UV, 12, use("socket", UV, number, UV, 0));
    }
    for (int number = 200; number < 231; number++) {
      fails(number, UV, 13, use("socket", UV, number, UV, 0));
    }
    now = now.plusSeconds(2);
    assertThat(look().doubleCloses()).hasSize(31).allMatch(found -> found.close().tid() == 13);
  }

  @Test
  void aWaitOnWhatWasClosedUnderItIsSureWhenItWasSeenBefore() {
    uses.put(7, use("socket", UV, 5, null, 0));
    assertThat(look(new ThreadWait(40, WaitCall.RECEIVE, 7)).lostWaits()).isEmpty();
    uses.put(7, use("socket", UV, 5, UV, 0));
    LostWait lost = look(new ThreadWait(40, WaitCall.RECEIVE, 7, true)).lostWaits().get(0);
    assertThat(lost.sure()).isTrue();
    assertThat(lost.thread()).isEqualTo("thread-40");
    assertThat(lost.group().library()).isEqualTo(LIBUV);
    assertThat(look(new ThreadWait(41, WaitCall.RECEIVE, 7, true)).lostWaits())
        .singleElement()
        .satisfies(late -> assertThat(late.sure()).isFalse());
  }

  @Test
  void aWaitOnALaterUseOfTheNumberIsNotSure() {
    uses.put(7, use("socket", UV, 5, null, 0));
    look(new ThreadWait(40, WaitCall.RECEIVE, 7));
    uses.put(7, use("socket", UV, 6, UV, 0));
    assertThat(look(new ThreadWait(40, WaitCall.RECEIVE, 7, true)).lostWaits().get(0).sure())
        .isFalse();
  }

  @Test
  void waitsOnWhatIsOpenOrJavasOrUnknownAreNotLost() {
    uses.put(7, use("socket", UV, 5, null, 0));
    uses.put(8, use("socket", NIO, 6, NIO, 0));
    assertThat(
            look(
                    new ThreadWait(40, WaitCall.RECEIVE, 7, true),
                    new ThreadWait(41, WaitCall.ACCEPT, 8, true),
                    new ThreadWait(42, WaitCall.READ, 9, true),
                    new ThreadWait(43, WaitCall.FUTEX, ThreadWait.NO_NUMBER))
                .lostWaits())
        .isEmpty();
  }

  @Test
  void aWaitOnANumberThatIsAnothersNowIsLostWhenTheThreadSleptThroughIt() {
    reads(7, 5);
    closesAndOpens(7, 5, "close", 6, NIO);
    LostWait lost = look(READS).lostWaits().get(0);
    assertThat(lost.use().generation()).isEqualTo(5);
    assertThat(lost.close()).isEqualTo(closes.get(5L));
    assertThat(lost.next().generation()).isEqualTo(6);
    assertThat(lost.stay()).isEqualTo(ASLEEP);
    assertThat(lost.group().library()).isEqualTo(LIBUV);
    assertThat(lost.sure()).as("it may have waited on the use before").isFalse();
    closesAndOpens(7, 6, "close", 9, UV);
    assertThat(look(READS).lostWaits()).hasSize(1).allMatch(it -> it.next().generation() == 6);
  }

  @Test
  void suchAWaitIsSureWhenTheThreadWasElsewhereWhileTheUseWasOpen() {
    uses.put(7, use("socket", UV, 5, null, 0));
    look();
    look(new ThreadWait(40, WaitCall.FUTEX, ThreadWait.NO_NUMBER));
    reads(7, 5);
    closesAndOpens(7, 5, "close", 6, UV);
    assertThat(look(READS).lostWaits().get(0).sure()).isTrue();
  }

  @Test
  void whoRanMeanwhileMayWaitOnWhatTheNumberIsNow() {
    reads(7, 5);
    closesAndOpens(7, 5, "close", 6, NIO);
    descriptors.stays.put(40, new ThreadStay(1, 9));
    assertThat(look(READS).lostWaits()).isEmpty();
    descriptors.stays.put(40, ASLEEP);
    assertThat(look(READS).lostWaits()).as("forgotten").isEmpty();
  }

  @Test
  void anotherThreadOfTheSameIdAndOneOfWhichNothingIsSaidMayToo() {
    reads(7, 5);
    closesAndOpens(7, 5, "close", 6, UV);
    descriptors.stays.put(40, new ThreadStay(2, 8));
    assertThat(look(READS).lostWaits()).isEmpty();
    descriptors.stays.clear();
    reads(7, 9);
    closesAndOpens(7, 9, "close", 10, UV);
    descriptors.stays.clear();
    assertThat(look(READS).lostWaits()).isEmpty();
  }

  @Test
  void whatWasReplacedInOneGoIsNotLost() {
    reads(7, 5);
    closesAndOpens(7, 5, "dup2", 6, NIO);
    uses.put(7, use("dup2", NIO, 6, null, 0));
    assertThat(look(READS).lostWaits()).as("a marker of NIO, or a log's rotation").isEmpty();
  }

  @Test
  void whatEndedUnseenIsNotLost() {
    reads(7, 8);
    uses.put(7, use("socket", UV, 11, null, 0));
    assertThat(look(READS).lostWaits()).as("who closed it is not known").isEmpty();
  }

  @Test
  void ofWhatIsPolledWhatIsClosedIsLostWhenTheThreadSleptThroughIt() {
    ThreadWait polls = polls(7, 8);
    descriptors.stays.put(40, ASLEEP);
    uses.put(7, use("socket", NIO, 4, NIO, 0));
    uses.put(8, use("socket", UV, 5, null, 0));
    descriptors.closed.add(7);
    assertThat(look(polls).lostWaits()).isEmpty();
    assertThat(look(polls).lostWaits()).as("7 was the JDK's, 8 is open").isEmpty();
    uses.put(8, use("socket", UV, 5, UV, 0));
    assertThat(look(polls).lostWaits()).as("not yet closed").isEmpty();
    descriptors.closed.add(8);
    LostWait lost = look(polls).lostWaits().get(0);
    assertThat(lost.number()).isEqualTo(8);
    assertThat(lost.next()).isNull();
    assertThat(lost.stay()).isEqualTo(ASLEEP);
    assertThat(lost.sure()).as("memory may be written by others").isFalse();
    descriptors.stays.put(40, new ThreadStay(1, 9));
    assertThat(look(polls).lostWaits()).as("it polls anew").isEmpty();
    assertThat(look(polls).lostWaits()).hasSize(1);
    assertThat(look(polls(7)).lostWaits()).as("8 was taken out").isEmpty();
  }

  @Test
  void ofWhatIsPolledWhatIsAnothersNowIsLostToo() {
    descriptors.stays.put(40, ASLEEP);
    uses.put(8, use("socket", UV, 5, null, 0));
    look(polls(7, 8));
    closesAndOpens(8, 5, "close", 6, UV);
    assertThat(look(polls(7, 8)).lostWaits())
        .singleElement()
        .satisfies(lost -> assertThat(lost.next().generation()).isEqualTo(6))
        .satisfies(lost -> assertThat(lost.sure()).isFalse());
  }

  @Test
  void onlyWhoWaitsOnWhatNativeCodeOpenedIsAskedWhetherItSlept() {
    uses.put(7, use("socket", NIO, 5, null, 0));
    look(READS, polls(7, 9), new ThreadWait(43, WaitCall.FUTEX, ThreadWait.NO_NUMBER));
    assertThat(descriptors.staysAsked).isZero();
    uses.put(8, use("socket", UV, 6, null, 0));
    look(READS, polls(7, 8, 8));
    assertThat(descriptors.staysAsked).isOne();
  }

  /** A scan that sees thread 40 asleep in a read of the number, while this use of it is open. */
  private void reads(int number, long generation) {
    descriptors.stays.put(40, ASLEEP);
    uses.put(number, use("socket", UV, generation, null, 0));
    assertThat(look(READS).lostWaits()).isEmpty();
  }

  private void closesAndOpens(
      int number, long generation, String close, long next, NativeObject opener) {
    closes.clear();
    closes.put(generation, new NativeClose(close, UV, System.nanoTime(), 12));
    uses.put(number, use("socket", opener, next, null, 0));
  }

  private static ThreadWait polls(Integer... numbers) {
    return new ThreadWait(40, WaitCall.POLL, ThreadWait.NO_NUMBER, false, List.of(numbers));
  }

  @Test
  void childrenAreAskedAboutNativeDescriptorsWithoutCloseOnExecOnly() {
    OwnedDescriptor inherited = owned(Owner.LIBRARY, 7, Answer.NO);
    descriptors.holds = List.of(new ChildHold(99, "sleep", 7, true));
    assertThat(
            lookAt(
                    inherited,
                    owned(Owner.FOREIGN, 8, Answer.NO),
                    owned(Owner.LIBRARY, 9, Answer.YES),
                    owned(Owner.LIBRARY, 10, Answer.UNKNOWN),
                    owned(Owner.JAVA, 11, Answer.NO),
                    owned(Owner.FOREIGN, 2, Answer.NO))
                .inheritances())
        .containsExactly(new Inheritance(inherited, descriptors.holds.get(0)));
    assertThat(descriptors.asked).extracting(Descriptor::number).containsExactly(7, 8);
    descriptors.asked = null;
    lookAt(owned(Owner.JAVA, 11, Answer.NO));
    assertThat(descriptors.asked).isNull();
  }

  private void fails(int number, NativeObject object, int thread, NativeUse before) {
    failed.add(
        new FailedClose(
            number,
            "close",
            object,
            now,
            thread,
            "worker",
            STACK,
            before,
            before == null ? null : now.minusSeconds(1)));
  }

  private static NativeUse use(
      String call, NativeObject opener, long generation, NativeObject closer, long inode) {
    NativeClose close =
        closer == null ? null : new NativeClose("close", closer, System.nanoTime(), 12);
    return new NativeUse(
        generation, call, opener, 0, 12, "uv-1", 1, inode, -1, NativeStack.NONE, close, false);
  }

  private static OwnedDescriptor owned(Owner owner, int number, Answer closeOnExec) {
    Facts facts = new Facts(closeOnExec, Answer.NO, Answer.NO, -1, Answer.UNKNOWN);
    Library library = owner == Owner.LIBRARY ? LIBUV : null;
    return new OwnedDescriptor(
        new Descriptor(number, Kind.FILE, "/data/" + number, 1, number, 0, 0, null, null, facts),
        new GroupKey(owner, library, Kind.FILE, Site.UNKNOWN),
        START,
        true,
        null,
        "open",
        null,
        1,
        false);
  }

  private Sightings lookAt(OwnedDescriptor... owned) {
    List<Group> groups = new ArrayList<>();
    for (OwnedDescriptor one : owned) {
      groups.add(new Group(one.group(), List.of(one)));
    }
    return look(groups, List.of());
  }

  private Sightings look(ThreadWait... waits) {
    return look(List.of(), List.of(waits));
  }

  private Sightings look(List<Group> groups, List<ThreadWait> waits) {
    return lookout.look(
        new Reconciliation(
            1,
            now,
            new Limits(1024, 4096),
            groups,
            List.of(),
            List.of(),
            List.of(),
            GarbageCollections.NONE),
        new ThreadWaits(now, Set.of(40, 41, 42, 43), waits, 0, 0, 0));
  }

  private static final class NoHandles implements HandleBook {
    @Override
    public void refresh() {
      // There are none.
    }

    @Override
    public KnownOwner of(Descriptor descriptor) {
      return null;
    }
  }
}
