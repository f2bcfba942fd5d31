package io.descry.detect;

import static io.descry.detect.World.FOREVER;
import static io.descry.detect.World.file;

import io.descry.os.Kind;
import io.descry.os.Socket;
import io.descry.reconcile.GroupKey;
import java.util.function.Consumer;

/** Programs that leak, each with the scan by which that must have been found in every run. */
enum Leaky {
  ONE_PER_SCAN(105, w -> w.open(site(), 1, FOREVER)),
  FIVE_PER_SCAN(30, w -> w.open(site(), 5, FOREVER)),
  EVENT_LOOP_PER_SCAN(105, w -> w.open(World.foreign(Kind.EVENTPOLL), 1, FOREVER)),
  ABOUT_FIVE_PER_SCAN(70, w -> w.open(site(), w.poisson(5), FOREVER)),
  ABOUT_ONE_PER_SCAN(170, w -> w.open(site(), w.poisson(1), FOREVER)),
  ONE_IN_THREE_SCANS(310, w -> w.open(site(), w.scan() % 3 == 0 ? 1 : 0, FOREVER)),
  ONE_IN_TWENTY_SCANS(2050, w -> w.open(site(), w.scan() % 20 == 0 ? 1 : 0, FOREVER)),
  ABOUT_ONE_IN_TWENTY_SCANS(3200, w -> w.open(site(), w.poisson(0.05), FOREVER)),
  AFTER_THE_POOL_IS_FULL(
      410,
      w -> {
        w.open(site(), w.scan() < 5 ? 20 : 0, FOREVER);
        w.open(site(), w.scan() >= 300 ? 1 : 0, FOREVER);
      }),
  BENEATH_SHORT_REQUESTS(
      450,
      w -> {
        w.open(site(), 1, FOREVER);
        requests(w, 10, 3);
      }),
  BENEATH_LONG_REQUESTS(
      900,
      w -> {
        w.open(site(), 1, FOREVER);
        requests(w, 5, 12);
      }),
  ONE_REQUEST_IN_A_HUNDRED(
      1200,
      w -> {
        w.open(site(), w.poisson(0.2), FOREVER);
        requests(w, 20, 2);
      }),
  TEN_EVERY_THIRTY_SCANS(900, w -> w.open(site(), w.scan() % 30 == 0 ? 10 : 0, FOREVER)),
  BURSTS_NOW_AND_THEN(
      3200, w -> w.open(site(), w.random.nextInt(15) == 0 ? w.between(3, 12) : 0, FOREVER)),
  WHILE_THE_LOAD_IS_ON(
      400, w -> w.open(site(), w.scan() / 40 % 2 == 0 ? w.poisson(2) : 0, FOREVER)),
  BY_DAY_MORE_THAN_BY_NIGHT(
      300, w -> w.open(site(), w.poisson(1.1 - Math.cos(2 * Math.PI * w.scan() / 300)), FOREVER)),
  CLOSE_WAIT(
      25,
      w ->
          w.open(
              World.java(Kind.SOCKET_TCP, "connect"),
              new Socket("tcp", "10.0.0.1:4711", "10.0.0.2:80", "CLOSE_WAIT", 1, 0, 0))),
  THREE_EVENT_LOOPS_PER_SCAN(
      20,
      w -> {
        for (int i = 0; i < 3; i++) {
          w.openLoop(World.foreign(Kind.EVENTPOLL), FOREVER);
        }
      }),
  TWO_HALF_MADE_PER_SCAN(
      45,
      w -> {
        for (int i = 0; i < 2; i++) {
          w.open(
              World.java(Kind.SOCKET_TCP, "connect"),
              World.tcp("", "", "CLOSE", Socket.Stage.CREATED));
        }
      }),
  TWO_ORPHANS_PER_SCAN(
      60,
      w -> {
        for (int i = 0; i < 2; i++) {
          w.open(World.netty(Kind.SOCKET_UDP), FOREVER).flags = 04002;
        }
      }),
  TWO_CONNECTIONS_PER_SCAN_THAT_ARE_NEVER_USED(
      95,
      w -> {
        for (int i = 0; i < 2; i++) {
          World.Open open = w.open(World.java(Kind.SOCKET_TCP, "connect"), FOREVER);
          open.socket = World.unused("10.0.0.1:" + open.number, "10.0.0.9:80");
        }
      }),
  PIPES_WITHOUT_OTHER_END(
      19, w -> w.open(World.foreign(Kind.PIPE), FOREVER).facts = World.peerGone()),
  ONE_PER_SCAN_AMONG_BRIEF_ONES(
      36,
      w -> {
        w.openBriefly(site(), 1);
        w.open(site(), 1, FOREVER);
      }),
  ONE_IN_TEN_SCANS_AMONG_BRIEF_ONES(
      260,
      w -> {
        w.openBriefly(site(), 1);
        w.open(site(), w.scan() % 10 == 0 ? 1 : 0, FOREVER);
      }),
  ABOUT_ONE_IN_TWENTY_SCANS_AMONG_BRIEF_ONES(
      1200,
      w -> {
        w.openBriefly(site(), 1);
        w.open(site(), w.poisson(0.05), FOREVER);
      }),
  TWO_IN_TWENTY_REQUESTS(
      60,
      w -> {
        w.open(site(), 2, FOREVER);
        w.open(site(), 18, 1);
      });

  private static GroupKey site() {
    return file("serve");
  }

  /** Latest scan of the first finding. */
  final int by;

  /** Run before every scan. */
  final Consumer<World> program;

  Leaky(int by, Consumer<World> program) {
    this.by = by;
    this.program = program;
  }

  /** Healthy traffic through the leaking site, busy enough for a collection between two scans. */
  private static void requests(World world, double rate, double life) {
    world.collections++;
    for (int i = world.poisson(rate); i > 0; i--) {
      world.open(site(), world.life(life));
    }
  }
}
