package io.descry.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Kind;
import io.descry.os.Socket;
import io.descry.reconcile.GroupKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class NeglectTest {
  private static final GroupKey CONNECT = World.java(Kind.SOCKET_TCP, "connect");
  private static final GroupKey ACCEPT = World.java(Kind.SOCKET_TCP, "accept");
  private static final GroupKey EPOLL = World.foreign(Kind.EVENTPOLL);
  private static final Commands COMMANDS = Commands.of(42);

  private final World world = new World();
  private final Uses uses = new Uses();
  private Neglect rule = new Neglect(new PeerGone(COMMANDS, Thresholds.DEFAULT), COMMANDS);
  private long tick;
  private List<Finding> last = List.of();

  @Test
  void peersThatHungUpWhileNewerConnectionsWereMade() {
    for (int i = 0; i < 15; i++) {
      world.open(CONNECT, World.closeWait("10.0.0.1:" + (5000 + i), "10.0.0.9:80"));
      world.open(CONNECT, World.closeWait("10.0.0.1:" + (6000 + i), "10.0.0.9:80"));
      scan();
    }
    Finding finding = last.get(0);
    assertThat(finding.rule()).isEqualTo("peer-gone");
    assertThat(finding.confidence()).isEqualTo(Confidence.PROBABLE);
    assertThat(finding.count()).as("all that have waited for 3 scans").isEqualTo(24);
    assertThat(finding.evidence())
        .extracting(Evidence::type)
        .containsExactly("peer-gone", "close-wait");
    assertThat(finding.ratePerMinute()).isBetween(100.0, 140.0);
    assertThat(finding.advice().get(0)).contains("com.example.Shop.connect");
  }

  @Test
  void aPoolOfConnectionsThatThePeerClosedIsNone() {
    for (int i = 0; i < 50; i++) {
      world.open(CONNECT, World.closeWait("10.0.0.1:" + (5000 + i), "10.0.0.9:80"));
      scan();
    }
    assertThat(last).isNotEmpty();
    Neglect other = new Neglect(new PeerGone(COMMANDS, Thresholds.DEFAULT), COMMANDS);
    rule = other;
    world.all(CONNECT).clear();
    for (int i = 0; i < 50; i++) {
      world.open(CONNECT, World.closeWait("10.0.0.1:" + (5000 + i), "10.0.0." + i + ":80"));
      scan();
    }
    assertThat(last).as("each to another address").isEmpty();
  }

  @Test
  void whatIsClosedAfterAllShowsHowLongItTakes() {
    for (int i = 0; i < 200; i++) {
      World.Open open = world.open(CONNECT, 8);
      open.socket = World.closeWait("10.0.0.1:" + (5000 + i), "10.0.0.9:80");
      scan();
      assertThat(last).as("scan " + i).isEmpty();
    }
  }

  @Test
  void handlersOfAcceptedConnectionsMayTakeAMinute() {
    world.open(ACCEPT, World.tcp("0.0.0.0:8080", "", "LISTEN", Socket.Stage.LISTENING));
    for (int i = 0; i < 100; i++) {
      world.open(ACCEPT, World.closeWait("10.0.0.1:8080", "10.0.0.2:" + (1024 + i)));
      scan();
    }
    assertThat(last).isEmpty();
    for (int i = 0; i < 60; i++) {
      world.open(ACCEPT, World.closeWait("10.0.0.1:8080", "10.0.0.2:" + (2024 + i)));
      scan();
    }
    assertThat(last).hasSize(1);
  }

  @Test
  void aHalfClosedConnectionThatIsStillWrittenToIsInUse() {
    for (int i = 0; i < 60; i++) {
      world.open(CONNECT, World.FOREVER);
      for (World.Open open : world.all(CONNECT)) {
        open.socket =
            new Socket(
                "tcp",
                "10.0.0.1:" + (5000 + open.number),
                "10.0.0.9:80",
                "CLOSE_WAIT",
                0,
                0,
                0,
                Socket.Stage.PEER_FINISHED,
                1000L * i,
                10,
                io.descry.os.Answer.NO);
      }
      scan();
    }
    assertThat(last).isEmpty();
  }

  @Test
  void pipesWithoutOtherEnd() {
    GroupKey pipe = World.foreign(Kind.PIPE);
    for (int i = 0; i < 20; i++) {
      world.open(pipe, World.FOREVER).facts = World.peerGone();
      scan();
    }
    assertThat(last).hasSize(1);
    assertThat(last.get(0).evidence().get(0).check()).contains("readlink");
  }

  @Test
  void whatStaysWithoutPeerStaysAFindingUntilItIsClosed() {
    pipesWithoutOtherEnd();
    GroupKey pipe = World.foreign(Kind.PIPE);
    String id = last.get(0).id();
    for (int i = 0; i < 300; i++) {
      scan();
    }
    assertThat(last).extracting(Finding::id).containsExactly(id);
    assertThat(last.get(0).ratePerMinute()).isZero();
    world.all(pipe).clear();
    world.open(pipe, World.FOREVER);
    scan();
    assertThat(last).isEmpty();
  }

  @Test
  void socketsThatCameToNothing() {
    rule = new Neglect(new HalfMade(COMMANDS, Thresholds.DEFAULT), COMMANDS);
    for (int i = 0; i < 50; i++) {
      world.open(CONNECT, World.tcp("", "", "CLOSE", Socket.Stage.CREATED));
      scan();
    }
    assertThat(last.get(0).rule()).isEqualTo("half-made");
    assertThat(last.get(0).confidence()).isEqualTo(Confidence.PROBABLE);
  }

  @Test
  void socketsThatTakeLongToConnectOrAreClosedWhenTheyFailAreInOrder() {
    rule = new Neglect(new HalfMade(COMMANDS, Thresholds.DEFAULT), COMMANDS);
    for (int i = 0; i < 200; i++) {
      for (World.Open open : world.all(CONNECT)) {
        if (open.scans == 8) {
          open.socket = World.established("10.0.0.1:" + open.number, "10.0.0.9:80");
        }
      }
      world.open(CONNECT, 9).socket = World.tcp("", "", "CLOSE", Socket.Stage.CREATED);
      world.open(CONNECT, 30).socket = World.tcp("", "", "CLOSE", Socket.Stage.CREATED);
      scan();
      assertThat(last).as("scan " + i).isEmpty();
    }
  }

  @Test
  void ownedDatagramSocketsAreNeverHalfMade() {
    rule = new Neglect(new HalfMade(COMMANDS, Thresholds.DEFAULT), COMMANDS);
    GroupKey udp = World.java(Kind.SOCKET_UDP, "send");
    for (int i = 0; i < 60; i++) {
      world.open(
          udp,
          new Socket(
              "udp", "", "", "", 0, 0, -1, Socket.Stage.CREATED, -1, -1, io.descry.os.Answer.NO));
      scan();
    }
    assertThat(last).isEmpty();
  }

  @Test
  void emptyEventLoopsThatBecomeMoreAndMore() {
    rule = new Neglect(new EmptyLoop(COMMANDS, Thresholds.DEFAULT), COMMANDS);
    for (int i = 0; i < 21; i++) {
      for (int each = 0; each < 8; each++) {
        world.polled.add(world.openLoop(EPOLL, World.FOREVER).number);
      }
      scan();
    }
    assertThat(last.get(0).confidence()).isEqualTo(Confidence.PROBABLE);
    assertThat(last.get(0).evidence()).extracting(Evidence::type).containsExactly("empty-loop");
    assertThat(last.get(0).evidence().get(0).check()).contains("fdinfo/");
  }

  @Test
  void sayWhenNoThreadWasSeenToWait() {
    rule = new Neglect(new EmptyLoop(COMMANDS, Thresholds.DEFAULT), COMMANDS);
    for (int i = 0; i < 20; i++) {
      for (int each = 0; each < 8; each++) {
        world.openLoop(EPOLL, World.FOREVER);
      }
      scan();
    }
    assertThat(last.get(0).evidence())
        .extracting(Evidence::type)
        .containsExactly("empty-loop", "nobody-polls");
  }

  @Test
  void loopsThatOnceWatchedASocketAreInOrder() {
    rule = new Neglect(new EmptyLoop(COMMANDS, Thresholds.DEFAULT), COMMANDS);
    World.Open socket = world.open(CONNECT, World.FOREVER);
    for (int i = 0; i < 60; i++) {
      for (World.Open loop : world.all(EPOLL)) {
        if (loop.scans == 3) {
          loop.watched = List.of();
        }
      }
      for (int each = 0; each < 8; each++) {
        world.openLoop(EPOLL, World.FOREVER).watched = List.of(socket.number);
      }
      scan();
    }
    assertThat(last).isEmpty();
  }

  @Test
  void whatStopsBecomesASuspectAndIsForgotten() {
    emptyEventLoopsThatBecomeMoreAndMore();
    for (int i = 0; i < 40; i++) {
      scan();
    }
    assertThat(last.get(0).confidence()).isEqualTo(Confidence.SUSPECT);
    for (int i = 0; i < 40; i++) {
      scan();
    }
    assertThat(last).isEmpty();
  }

  private void scan() {
    var facts = world.reconcile();
    uses.see(++tick, facts);
    last = rule.examine(Scan.of(tick, facts, world.waits(), uses));
  }
}
