package io.descry.detect;

import static io.descry.detect.World.FOREVER;
import static io.descry.detect.World.file;

import io.descry.os.Kind;
import io.descry.os.Socket;
import io.descry.reconcile.GroupKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Programs that do not leak. Each makes what happens between two scans of a world, with parameters
 * drawn from the world's chance.
 */
enum Clean {
  POOL_FILLS_AT_ONCE(world -> fill(world, world.between(1, 5))),
  POOL_FILLS_EVENLY(world -> fill(world, world.between(6, 20))),
  POOL_FILLS_SLOWLY_AND_EVENLY(
      world -> {
        int size = world.between(20, 100);
        int pace = world.between(1, 4);
        return w -> w.open(site(), w.scan() % pace == 0 && w.count(site()) < size ? 1 : 0, FOREVER);
      }),
  POOL_FILLS_AS_THE_USERS_COME(
      world -> {
        int size = world.between(20, 100);
        double rate = size / (double) world.between(10, 300);
        return w -> w.open(site(), Math.min(w.poisson(rate), size - w.count(site())), FOREVER);
      }),
  POOL_FILLS_EXPONENTIALLY(
      world -> {
        int size = world.between(20, 500);
        double share = 1.0 / world.between(2, 15);
        return w -> w.open(site(), w.poisson(share * Math.max(0, size - w.count(site()))), FOREVER);
      }),
  POOL_FILLS_BY_DOUBLING(
      world -> {
        int size = world.between(64, 1000);
        int pause = world.between(1, 6);
        return w -> {
          if (w.scan() % pause == 0) {
            int more = Math.max(1, w.count(site()));
            w.open(site(), Math.min(more, size - w.count(site())), FOREVER);
          }
        };
      }),
  POOL_FILLS_IN_STEPS(
      world -> {
        int step = world.between(1, 20);
        int steps = world.between(3, 10);
        int pause = world.between(3, 30);
        return w -> {
          if (w.scan() % pause == 0 && w.count(site()) < step * steps) {
            w.open(site(), step, FOREVER);
          }
        };
      }),
  BURST_THAT_GOES(
      world -> {
        int at = world.between(10, 200);
        int stays = world.between(20, 100);
        int length = world.between(1, 10);
        return w -> {
          if (w.scan() >= at && w.scan() < at + length) {
            w.open(site(), w.between(100, 300), stays);
          }
        };
      }),
  BURST_THAT_STAYS(
      world -> {
        int at = world.between(10, 200);
        int length = world.between(1, 10);
        return w -> {
          if (w.scan() >= at && w.scan() < at + length) {
            w.open(site(), w.between(100, 300), FOREVER);
          }
        };
      }),
  SAWTOOTH_COLLECTED(
      world -> {
        double rate = 0.5 + world.random.nextDouble() * 5;
        return w -> {
          w.open(site(), w.poisson(rate), FOREVER);
          if (w.scan() % 7 == 0 || w.random.nextInt(15) == 0) {
            w.collections++;
            w.close(site(), w.count(site()));
          }
        };
      }),
  SAWTOOTH_COLLECTED_IN_PART(
      world -> {
        int rate = world.between(1, 5);
        int period = world.between(5, 20);
        return w -> {
          w.open(site(), rate, FOREVER);
          if (w.scan() % period == 0) {
            w.collections++;
            w.closeOldest(site(), (int) (w.count(site()) * (0.5 + w.random.nextDouble() / 2)));
          }
        };
      }),
  SAWTOOTH_CLOSED(
      world -> {
        int rate = world.between(1, 10);
        int period = world.between(3, 20);
        return w -> {
          w.open(site(), rate, FOREVER);
          if (w.scan() % period == 0) {
            w.close(site(), w.count(site()));
          }
        };
      }),
  RANDOM_WALK(
      world -> {
        world.open(site(), 100, FOREVER);
        double rate = 0.3 + world.random.nextDouble() * 10;
        return w -> {
          w.open(site(), w.poisson(rate), FOREVER);
          w.close(site(), w.poisson(rate));
        };
      }),
  CHURN(
      world -> {
        double rate = 0.5 + world.random.nextDouble() * 20;
        int life = world.between(1, 30);
        return w -> arrive(w, rate, life);
      }),
  CHURN_OF_LONG_LIVES(
      world -> {
        double rate = 2 + world.random.nextDouble() * 5;
        int life = world.between(30, 60);
        return w -> arrive(w, rate, life);
      }),
  CHURN_OF_FEW(
      world -> {
        double rate = 0.02 + world.random.nextDouble() * 0.3;
        int life = world.between(5, 60);
        return w -> arrive(w, rate, life);
      }),
  SESSIONS_THAT_TIME_OUT(
      world -> {
        double rate = 0.5 + world.random.nextDouble() * 5;
        int life = world.between(5, 20);
        return w -> w.open(site(), w.poisson(rate), life);
      }),
  LOAD_THAT_DOUBLES_AND_HALVES(
      world -> {
        double rate = 1 + world.random.nextDouble() * 10;
        int life = world.between(2, 20);
        int period = world.between(20, 80);
        return w -> arrive(w, w.scan() / period % 2 == 0 ? rate : 2 * rate, life);
      }),
  LOAD_ON_AND_OFF(
      world -> {
        double rate = 1 + world.random.nextDouble() * 10;
        int life = world.between(2, 15);
        int period = world.between(10, 80);
        return w -> arrive(w, w.scan() / period % 2 == 0 ? rate : 0, life);
      }),
  DAY_AND_NIGHT(
      world -> {
        double rate = 1 + world.random.nextDouble() * 10;
        int life = world.between(2, 15);
        double day = world.between(150, 400);
        return w -> arrive(w, rate * (1.2 - Math.cos(2 * Math.PI * w.scan() / day)), life);
      }),
  POOL_FOLLOWS_THE_LOAD(
      world -> {
        int most = world.between(10, 200);
        int pause = world.between(5, 40);
        int[] target = {world.between(1, most)};
        return w -> {
          if (w.random.nextInt(pause) == 0) {
            target[0] = w.between(1, most);
          }
          int missing = target[0] - w.count(site());
          w.open(site(), Math.min(Math.max(0, missing), Math.max(1, most / 10)), FOREVER);
          w.closeOldest(site(), Math.min(Math.max(0, -missing), Math.max(1, most / 20)));
        };
      }),
  CACHE_TO_A_CAP(
      world -> {
        int cap = world.between(10, 300);
        double rate = Math.max(1, cap / (double) world.between(2, 17));
        return w -> {
          w.open(site(), w.poisson(rate), FOREVER);
          w.closeOldest(site(), Math.max(0, w.count(site()) - cap));
        };
      }),
  WARM_UP_OF_MANY_GROUPS(
      world -> {
        int groups = world.between(10, 30);
        double pace = world.between(2, 12);
        return w -> {
          for (int i = 0; i < groups; i++) {
            w.open(file("warm" + i), w.poisson((1 + i % 7) * Math.exp(-w.scan() / pace)), FOREVER);
          }
        };
      }),
  EVENT_LOOPS_ROLLED(
      world -> {
        int loops = world.between(2, 32);
        int life = world.between(5, 60);
        return w -> {
          if (w.scan() % life == 0) {
            for (Kind kind : new Kind[] {Kind.EVENTPOLL, Kind.EVENTFD, Kind.TIMERFD}) {
              w.open(World.foreign(kind), loops, life + 1);
            }
          }
        };
      }),
  SERVER_WITH_MORE_AND_MORE_CLIENTS(
      world -> {
        GroupKey tcp = World.java(Kind.SOCKET_TCP, "accept");
        world.open(tcp, new Socket("tcp6", "[::]:8080", "", "LISTEN", 0, 0, -1));
        return w ->
            w.open(
                tcp,
                new Socket(
                    "tcp",
                    "10.0.0.1:8080",
                    "10.0.0.2:" + (1024 + w.scan()),
                    "ESTABLISHED",
                    0,
                    0,
                    100_000));
      }),
  CLIENT_WITH_SOCKETS_IN_USE(
      world -> {
        GroupKey tcp = World.java(Kind.SOCKET_TCP, "connect");
        return w ->
            w.open(tcp, new Socket("tcp", "10.0.0.1:4711", "10.0.0.2:80", "ESTABLISHED", 0, 0, 0));
      }),
  LIVES_OF_ALL_LENGTHS(
      world -> {
        double rate = 0.5 + world.random.nextDouble() * 10;
        double tail = 1.1 + world.random.nextDouble();
        return w -> {
          for (int i = w.poisson(rate); i > 0; i--) {
            double life = Math.pow(1 - w.random.nextDouble(), -1 / tail);
            w.open(site(), (int) Math.min(life, 1e6));
          }
        };
      }),
  LEAST_RECENTLY_USED_ARE_CLOSED(
      world -> {
        int cap = world.between(20, 100);
        double skew = 1 + world.random.nextDouble() * 2;
        int uses = world.between(3, 40);
        Map<Integer, World.Open> cache = new LinkedHashMap<>(16, 0.75f, true);
        return w -> {
          for (int i = 0; i < uses; i++) {
            int key = (int) (1000 * Math.pow(w.random.nextDouble(), skew));
            cache.computeIfAbsent(key, any -> w.open(site(), FOREVER));
            cache.get(key);
            if (cache.size() > cap) {
              w.all(site()).remove(cache.remove(cache.keySet().iterator().next()));
            }
          }
        };
      }),
  HOT_ONES_ARE_KEPT(
      world -> {
        int cap = world.between(5, 30);
        double share = 0.02 + world.random.nextDouble() * 0.2;
        int[] kept = {0};
        return w -> {
          for (int i = w.poisson(10); i > 0; i--) {
            boolean keep = kept[0] < cap && w.random.nextDouble() < share;
            kept[0] += keep ? 1 : 0;
            w.open(site(), keep ? FOREVER : w.life(2));
          }
        };
      }),
  POOL_FILLS_BESIDE_BRIEF_ONES(BesideBriefOnes::pool),
  HOT_ONES_ARE_KEPT_BESIDE_BRIEF_ONES(BesideBriefOnes::hotOnes),
  CACHE_BESIDE_BRIEF_ONES(BesideBriefOnes::cache),
  POOL_OF_CONNECTIONS_THAT_PEERS_CLOSE(
      world -> {
        int most = world.between(5, 200);
        int stays = world.between(2, 60);
        int busy = world.between(3, 60);
        return w -> {
          // A pool tries all that are idle before it opens another.
          List<World.Open> pool = w.all(connect());
          pool.forEach(one -> one.socket = one.scans > stays ? one.stale() : one.fresh());
          if (w.scan() % busy == 0) {
            pool.removeIf(one -> one.scans > stays);
            int wanted = w.between(1, most);
            while (pool.size() < wanted) {
              World.Open one = w.open(connect(), FOREVER);
              one.socket = one.fresh();
            }
          }
        };
      }),
  CLIENTS_THAT_READ_SLOWLY_AFTER_THE_END(
      world -> {
        int workers = world.between(1, 100);
        int work = world.between(3, 40);
        return w -> {
          w.all(connect()).forEach(one -> one.socket = one.stale());
          int free = workers - w.count(connect());
          for (int i = Math.min(free, w.poisson(workers / 5.0)); i > 0; i--) {
            World.Open one = w.open(connect(), w.between(1, work));
            one.socket = one.fresh();
          }
        };
      }),
  HANDLERS_WHOSE_CLIENTS_GIVE_UP(
      world -> {
        int handlers = world.between(10, 200);
        int work = world.between(5, 40);
        GroupKey accept = World.java(Kind.SOCKET_TCP, "accept");
        world.open(accept, World.tcp("0.0.0.0:8080", "", "LISTEN", Socket.Stage.LISTENING));
        return w -> {
          int free = handlers + 1 - w.count(accept);
          for (int i = Math.min(free, w.poisson(5)); i > 0; i--) {
            w.open(accept, w.between(1, work)).socket =
                World.closeWait("10.0.0.1:8080", "10.0.0.2:" + w.between(1024, 65535));
          }
        };
      }),
  CONNECTS_THAT_TAKE_LONG_AND_FAIL(
      world -> {
        int timeout = world.between(1, 5);
        return w -> {
          for (int i = w.poisson(3); i > 0; i--) {
            w.open(connect(), timeout).socket = World.tcp("", "", "CLOSE", Socket.Stage.CREATED);
          }
        };
      }),
  IDLE_EVENT_LOOPS_OF_MANY_CLIENTS(
      world -> {
        int clients = world.between(1, 10);
        int pause = world.between(1, 5);
        return w -> {
          if (w.scan() % pause == 0 && w.scan() / pause <= clients) {
            for (int i = 0; i < 8; i++) {
              w.openLoop(World.foreign(Kind.EVENTPOLL), FOREVER);
            }
          }
        };
      }),
  SELECTOR_FOR_EACH_THREAD(
      world -> {
        int most = world.between(5, 30);
        GroupKey poll = World.java(Kind.EVENTPOLL, "poll");
        return w -> w.openLoop(poll, w.count(poll) < most ? FOREVER : 0);
      }),
  FILES_ROTATED(
      world -> {
        int life = world.between(3, 100);
        return w -> {
          if (w.scan() % life == 1) {
            w.open(site(), 3, life);
          }
        };
      });

  private static GroupKey connect() {
    return World.java(Kind.SOCKET_TCP, "connect");
  }

  private static GroupKey site() {
    return file("serve");
  }

  private final Function<World, Consumer<World>> program;

  Clean(Function<World, Consumer<World>> program) {
    this.program = program;
  }

  /** Sets the world up; what comes back is run before every scan. */
  Consumer<World> start(World world) {
    return program.apply(world);
  }

  private static Consumer<World> fill(World world, int scans) {
    int each = world.between(1, 20);
    int begin = world.between(1, 60);
    return w -> {
      if (w.scan() >= begin && w.scan() < begin + scans) {
        w.open(site(), each, FOREVER);
      }
    };
  }

  private static void arrive(World world, double rate, double life) {
    for (int i = world.poisson(rate); i > 0; i--) {
      world.open(site(), world.life(life));
    }
  }
}
