package io.descry.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Answer;
import io.descry.os.Facts;
import io.descry.os.Kind;
import io.descry.os.Socket;
import io.descry.os.ThreadWaits;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Library;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Site;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** What event loops have forgotten, loops that nobody serves, connections that nobody uses. */
class LoopsTest {
  private static final int NON_BLOCKING = 04002;
  private static final int READ_ONLY = 04000;
  private static final int WRITE_ONLY = 04001;
  private static final Commands COMMANDS = Commands.of(42);
  private static final GroupKey SELECTOR = World.java(Kind.EVENTPOLL, "select");
  private static final GroupKey CONNECT = World.java(Kind.SOCKET_TCP, "connect");
  private static final GroupKey RING = World.foreign(Kind.IO_URING);

  private final World world = new World();
  private final Uses uses = new Uses();
  private Neglect rule;
  private long tick;
  private List<Finding> last = List.of();
  private boolean answered = true;

  // Orphan

  @Test
  void datagramChannelsOfNettyThatNoLoopWatches() {
    GroupKey udp = library("netty-transport-native-epoll", Kind.SOCKET_UDP);
    orphans(100, i -> world.open(udp, World.FOREVER).flags = NON_BLOCKING);
    Finding finding = last.get(0);
    assertThat(finding.rule()).isEqualTo("orphan");
    assertThat(finding.confidence()).isEqualTo(Confidence.PROBABLE);
    assertThat(finding.count()).isGreaterThan(31);
    assertThat(finding.evidence()).extracting(Evidence::type).containsExactly("orphan");
  }

  @Test
  void whatALoopWatchesIsNoOrphan() {
    GroupKey udp = library("netty-transport-native-epoll", Kind.SOCKET_UDP);
    World.Open loop = world.openLoop(library("netty-transport-native-epoll", Kind.EVENTPOLL), 999);
    orphans(
        100,
        i -> {
          world.open(udp, World.FOREVER).flags = NON_BLOCKING;
          loop.watched = world.all(udp).stream().map(open -> open.number).toList();
        });
    assertThat(last).isEmpty();
  }

  @Test
  void whatBlocksNeedsNoLoop() {
    GroupKey udp = library("netty-transport-native-epoll", Kind.SOCKET_UDP);
    orphans(100, i -> world.open(udp, World.FOREVER).flags = 2);
    assertThat(last).isEmpty();
  }

  @Test
  void aRingMayWaitForAnything() {
    GroupKey udp = library("netty-transport-native-epoll", Kind.SOCKET_UDP);
    world.open(RING, World.FOREVER);
    orphans(100, i -> world.open(udp, World.FOREVER).flags = NON_BLOCKING);
    assertThat(last).isEmpty();
  }

  @Test
  void aSetThatCannotBeReadMayHoldAnything() {
    GroupKey udp = library("netty-transport-native-epoll", Kind.SOCKET_UDP);
    world.open(SELECTOR, World.FOREVER);
    orphans(100, i -> world.open(udp, World.FOREVER).flags = NON_BLOCKING);
    assertThat(last).isEmpty();
  }

  @Test
  void connectionsOfLibuvOnWhichNobodyReadsAnyMore() {
    GroupKey tcp = library("libuv", Kind.SOCKET_TCP);
    world.open(library("libuv", Kind.IO_URING), World.FOREVER);
    orphans(
        100,
        i -> {
          World.Open open = world.open(tcp, World.FOREVER);
          open.flags = NON_BLOCKING;
          open.socket = open.fresh();
        });
    assertThat(last).hasSize(1);
  }

  @Test
  void aPoolOfLibuvThatIsFilledAheadAndNotReadFrom() {
    GroupKey tcp = library("libuv", Kind.SOCKET_TCP);
    orphans(
        200,
        i -> {
          if (world.count(tcp) < 50) {
            World.Open open = world.open(tcp, World.FOREVER);
            open.flags = NON_BLOCKING;
            open.socket = open.fresh();
          }
          assertThat(last).isEmpty();
        });
  }

  @Test
  void connectionsOfLibuvThatAreWrittenToOrWereAccepted() {
    GroupKey tcp = library("libuv", Kind.SOCKET_TCP);
    world.open(tcp, World.tcp("0.0.0.0:8080", "", "LISTEN", Socket.Stage.LISTENING));
    orphans(
        100,
        i -> {
          World.Open written = world.open(tcp, World.FOREVER);
          World.Open accepted = world.open(tcp, World.FOREVER);
          written.flags = NON_BLOCKING;
          accepted.flags = NON_BLOCKING;
          accepted.socket = World.established("10.0.0.1:8080", "10.0.0.2:" + (1024 + i));
          for (World.Open open : world.all(tcp)) {
            if (open.socket == null || open.socket.remote().endsWith(":80")) {
              open.socket = connection(open.number, "10.0.0.9:80", 100L * i);
            }
          }
        });
    assertThat(last).isEmpty();
  }

  @Test
  void whatLibuvNeverWatches() {
    GroupKey pipe = library("libuv", Kind.PIPE);
    orphans(
        100,
        i -> {
          world.open(pipe, World.FOREVER).flags = WRITE_ONLY;
          world.open(library("libuv", Kind.SOCKET_UDP), World.FOREVER).flags = NON_BLOCKING;
          World.Open handle = world.open(library("libuv", Kind.SOCKET_TCP), World.FOREVER);
          handle.flags = NON_BLOCKING;
          handle.socket = World.tcp("", "", "CLOSE", Socket.Stage.CREATED);
        });
    assertThat(last).isEmpty();
    orphans(100, i -> world.open(pipe, World.FOREVER).flags = READ_ONLY);
    assertThat(last).hasSize(1);
  }

  @Test
  void otherLibrariesMayPollThemselves() {
    GroupKey tcp = library("libcurl", Kind.SOCKET_TCP);
    orphans(
        100,
        i -> {
          World.Open open = world.open(tcp, World.FOREVER);
          open.flags = NON_BLOCKING;
          open.socket = open.fresh();
        });
    assertThat(last).isEmpty();
  }

  // Nobody polls

  @Test
  void selectorsThatWatchSocketsAndThatNoThreadWaitsOn() {
    World.Open socket = world.open(CONNECT, World.FOREVER);
    nobodyPolls(100, i -> world.openLoop(SELECTOR, World.FOREVER).watched = List.of(socket.number));
    assertThat(last.get(0).rule()).isEqualTo("nobody-polls");
    assertThat(last.get(0).confidence()).isEqualTo(Confidence.PROBABLE);
    assertThat(last.get(0).evidence()).extracting(Evidence::type).containsExactly("nobody-polls");
  }

  @Test
  void selectorsWhoseThreadsHaveEnded() {
    nobodyPolls(
        150,
        i -> {
          world.pollers.remove(100 + i - 5);
          world.pollers.put(100 + i, world.openLoop(SELECTOR, World.FOREVER).number);
        });
    Evidence evidence = last.get(0).evidence().get(0);
    int count = last.get(0).count();
    assertThat(evidence.type()).isEqualTo("dead-thread");
    assertThat(evidence.text()).startsWith(count + " of " + count).contains(count + " in all");
    assertThat(evidence.check()).contains("/proc/42/task").contains(" 100 101 ");
  }

  @Test
  void selectorsThatAreSeenToBeServedNowAndThen() {
    nobodyPolls(
        150,
        i -> {
          world.openLoop(SELECTOR, World.FOREVER);
          world.polled.clear();
          world.all(SELECTOR).stream()
              .filter(open -> (open.number + i) % 15 == 0)
              .forEach(open -> world.polled.add(open.number));
        });
    assertThat(last).isEmpty();
  }

  @Test
  void selectorsThatAreServedWithoutWaitingMoveData() {
    nobodyPolls(150, i -> moving(i, i));
    assertThat(last).isEmpty();
  }

  @Test
  void dataThatMovedOnceSavesNoSelector() {
    nobodyPolls(150, i -> moving(i, Math.min(i, 20)));
    assertThat(last).hasSize(1);
  }

  /** One more selector with a connection, and so many rounds of data on all of them. */
  private void moving(int i, int rounds) {
    connect("10.0.0.9:80", 0);
    int number = world.all(CONNECT).get(i).number;
    world.openLoop(SELECTOR, World.FOREVER).watched = List.of(number);
    for (World.Open open : world.all(CONNECT)) {
      open.socket = connection(open.number, "10.0.0.9:80", rounds / 3);
    }
  }

  @Test
  void aFewThatAreServedWithoutWaiting() {
    nobodyPolls(300, i -> world.openLoop(SELECTOR, world.count(SELECTOR) < 40 ? World.FOREVER : 2));
    assertThat(last).isEmpty();
  }

  @Test
  void thoseThatAnotherLoopWatchesAreServedByItsThread() {
    World.Open outer = world.openLoop(World.foreign(Kind.EVENTPOLL), World.FOREVER);
    nobodyPolls(
        100,
        i -> {
          world.openLoop(SELECTOR, World.FOREVER);
          outer.watched = world.all(SELECTOR).stream().map(open -> open.number).toList();
        });
    assertThat(last).isEmpty();
  }

  @Test
  void nothingIsKnownOfThreadsThatDoNotAnswer() {
    answered = false;
    nobodyPolls(100, i -> world.openLoop(SELECTOR, World.FOREVER));
    assertThat(last).isEmpty();
  }

  // Never used

  @Test
  void connectionsThatCarriedNothingWhileNewerOnesWereMade() {
    rule = new Neglect(new NeverUsed(COMMANDS, Thresholds.DEFAULT), COMMANDS);
    run(200, i -> connect("10.0.0.9:80", 0));
    assertThat(last.get(0).rule()).isEqualTo("never-used");
    assertThat(last.get(0).count()).isGreaterThan(31);
    assertThat(last.get(0).evidence().get(0).check()).startsWith("ss -tnpi");
  }

  @Test
  void connectionsThatCarriedOneByte() {
    rule = new Neglect(new NeverUsed(COMMANDS, Thresholds.DEFAULT), COMMANDS);
    run(200, i -> connect("10.0.0.9:80", 1));
    assertThat(last).isEmpty();
  }

  @Test
  void oneStandbyConnectionToEachOfManyAddresses() {
    rule = new Neglect(new NeverUsed(COMMANDS, Thresholds.DEFAULT), COMMANDS);
    run(200, i -> connect("10.0.1." + i + ":80", 0));
    assertThat(last).isEmpty();
  }

  @Test
  void aPoolThatIsFilledAhead() {
    rule = new Neglect(new NeverUsed(COMMANDS, Thresholds.DEFAULT), COMMANDS);
    run(
        400,
        i -> {
          if (world.count(CONNECT) < 60) {
            connect("10.0.0.9:80", 0);
          }
          assertThat(last).isEmpty();
        });
  }

  // Idle

  @Test
  void saysHowManyHaveNeverBeenUsed() {
    Detector detector = new Detector(42, List::of, Thresholds.DEFAULT);
    Verdict verdict = Verdict.NONE;
    for (int i = 0; i < 140; i++) {
      connect("10.0.0.9:80", i % 3);
      verdict = detector.examine(world.observe());
    }
    Finding growth =
        verdict.findings().stream()
            .filter(finding -> finding.rule().equals("growth"))
            .findAny()
            .orElseThrow();
    assertThat(growth.evidence())
        .filteredOn(evidence -> evidence.type().equals("idle"))
        .singleElement()
        .asString()
        .matches(text(46));
  }

  @Test
  void ofFilesItIsThePositionAndOfEventfdsTheCounter() {
    Detector detector = new Detector(42, List::of, Thresholds.DEFAULT);
    GroupKey file = World.file("read");
    GroupKey eventfd = World.foreign(Kind.EVENTFD);
    Verdict verdict = Verdict.NONE;
    for (int i = 0; i < 140; i++) {
      world.open(file, World.FOREVER).position = i % 2;
      world.open(eventfd, World.FOREVER).facts =
          new Facts(Answer.NO, Answer.NO, Answer.NO, i % 2, Answer.UNKNOWN);
      verdict = detector.examine(world.observe());
    }
    assertThat(idle(verdict)).hasSize(2).allMatch(text -> text.matches(text(68)));
  }

  private static List<String> idle(Verdict verdict) {
    return verdict.findings().stream()
        .flatMap(finding -> finding.evidence().stream())
        .filter(evidence -> evidence.type().equals("idle"))
        .map(Evidence::text)
        .toList();
  }

  /** So many or one more or less, of twice as many. */
  private static String text(int about) {
    return "(?s).*\\b(" + (about - 1) + "|" + about + "|" + (about + 1) + ") of 13[5-9]\\b.*";
  }

  private void connect(String remote, long bytes) {
    World.Open open = world.open(CONNECT, World.FOREVER);
    open.socket = connection(open.number, remote, bytes);
  }

  private static Socket connection(int number, String remote, long bytes) {
    return new Socket(
        "tcp",
        "10.0.0.1:" + number,
        remote,
        "ESTABLISHED",
        0,
        0,
        -1,
        Socket.Stage.CONNECTED,
        bytes,
        bytes,
        Answer.NO);
  }

  private static GroupKey library(String name, Kind kind) {
    return new GroupKey(Owner.LIBRARY, new Library(name, null, null), kind, Site.UNKNOWN);
  }

  private void orphans(int scans, IntConsumer step) {
    rule = new Neglect(new Orphan(COMMANDS, Thresholds.DEFAULT), COMMANDS);
    run(scans, step);
  }

  private void nobodyPolls(int scans, IntConsumer step) {
    rule = new Neglect(new NobodyPolls(COMMANDS, Thresholds.DEFAULT), COMMANDS);
    run(scans, step);
  }

  private void run(int scans, IntConsumer step) {
    for (int i = 0; i < scans; i++) {
      step.accept(i);
      var facts = world.reconcile();
      uses.see(++tick, facts);
      ThreadWaits waits =
          answered ? world.waits() : new ThreadWaits(world.now, Set.of(1), List.of(), 0, 1, 0);
      last = rule.examine(Scan.of(tick, facts, waits, uses));
    }
  }
}
