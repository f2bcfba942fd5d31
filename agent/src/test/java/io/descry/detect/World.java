package io.descry.detect;

import io.descry.os.Answer;
import io.descry.os.Descriptor;
import io.descry.os.Facts;
import io.descry.os.Kind;
import io.descry.os.Limits;
import io.descry.os.Socket;
import io.descry.os.ThreadWait;
import io.descry.os.ThreadWaits;
import io.descry.os.WaitCall;
import io.descry.os.tracer.NativeError;
import io.descry.reconcile.CollectedSite;
import io.descry.reconcile.Discrepancy;
import io.descry.reconcile.EndedUse;
import io.descry.reconcile.GarbageCollections;
import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Library;
import io.descry.reconcile.OwnedDescriptor;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Reconciliation;
import io.descry.reconcile.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** A make-believe process, scanned whenever a test says so. */
final class World {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final int FOREVER = Integer.MAX_VALUE;

  /** One descriptor. */
  static final class Open {
    final int number;
    final Instant at;
    final long dies;
    final String target;
    boolean unreachable;
    Socket socket;
    Facts facts = Facts.UNKNOWN;
    List<Integer> watched;
    long position;
    int flags;
    String meaning;
    int scans;
    int inode;

    private Open(int number, Instant at, long dies, String target) {
      this.number = number;
      this.inode = number;
      this.at = at;
      this.dies = dies;
      this.target = target;
    }

    Socket fresh() {
      return established("10.0.0.1:" + number, "10.0.0.9:80");
    }

    Socket stale() {
      return closeWait("10.0.0.1:" + number, "10.0.0.9:80");
    }
  }

  final Random random;
  final List<Discrepancy> discrepancies = new ArrayList<>();
  final List<CollectedSite> collected = new ArrayList<>();
  final List<NativeError> errors = new ArrayList<>();

  /** Eventpolls that a thread is in a wait on at every scan. */
  final Set<Integer> polled = new HashSet<>();

  /** What was opened and closed since the last scan, of which scans see nothing. */
  private final List<EndedUse> ended = new ArrayList<>();

  /** Threads that wait on a number each: thread to number. Who is not in it has ended. */
  final Map<Integer, Integer> pollers = new HashMap<>();

  Limits limits = new Limits(65536, 65536);
  long collections;
  Instant now = START;
  private final Duration interval;
  private final Map<GroupKey, List<Open>> groups = new LinkedHashMap<>();
  private long scan;
  private int last = 3;

  World(long seed, Duration interval) {
    this.random = new Random(seed);
    this.interval = interval;
  }

  World() {
    this(1, Duration.ofSeconds(1));
  }

  static GroupKey java(Kind kind, String method) {
    return new GroupKey(
        Owner.JAVA,
        null,
        kind,
        new Site(
            List.of(
                "java.base/java.io.FileInputStream.<init>(FileInputStream.java:158)",
                "com.example.Shop." + method + "(Shop.java:7)"),
            List.of()));
  }

  static GroupKey file(String method) {
    return java(Kind.FILE, method);
  }

  static GroupKey foreign(Kind kind) {
    return new GroupKey(Owner.FOREIGN, null, kind, Site.UNKNOWN);
  }

  static GroupKey netty(Kind kind) {
    Library library = new Library("netty-transport-native-epoll", null, null);
    return new GroupKey(Owner.LIBRARY, library, kind, Site.UNKNOWN);
  }

  long scan() {
    return scan;
  }

  /** Opens descriptors that live for so many scans. */
  void open(GroupKey key, int count, int life) {
    for (int i = 0; i < count; i++) {
      open(key, life);
    }
  }

  Open open(GroupKey key, int life) {
    long dies = life == FOREVER ? Long.MAX_VALUE : scan + life;
    Open open = new Open(last++, now, dies, "/data/" + last);
    all(key).add(open);
    return open;
  }

  /** Takes a number that another had, under an inode of its own. */
  Open openAs(GroupKey key, int number, int inode) {
    Open open = new Open(number, now, Long.MAX_VALUE, "/data/again");
    open.inode = inode;
    all(key).add(open);
    return open;
  }

  /** Opens descriptors and closes each after a few milliseconds. */
  void openBriefly(GroupKey key, int count) {
    for (int i = 0; i < count; i++) {
      end(key, Duration.ofMillis(between(1, 20)), null);
    }
  }

  /** One of the site has ended that no scan has seen. */
  void end(GroupKey key, Duration lived, String closer) {
    ended.add(new EndedUse(last++, key.owner(), key.library(), key.site(), now, lived, closer));
  }

  void open(GroupKey key, Socket socket) {
    open(key, FOREVER).socket = socket;
  }

  /** An eventpoll that watches an eventfd and nothing else, of that library. */
  Open openLoop(GroupKey key, int life) {
    GroupKey wakeUp = new GroupKey(key.owner(), key.library(), Kind.EVENTFD, key.site());
    Open loop = open(key, life);
    loop.watched = List.of(open(wakeUp, life).number);
    return loop;
  }

  /** A TCP socket in that state and stage, of which no byte has moved for long. */
  static Socket tcp(String local, String remote, String state, Socket.Stage stage) {
    return new Socket("tcp", local, remote, state, 0, 0, -1, stage, 100, 100, Answer.NO);
  }

  static Socket established(String local, String remote) {
    return tcp(local, remote, "ESTABLISHED", Socket.Stage.CONNECTED);
  }

  static Socket closeWait(String local, String remote) {
    return tcp(local, remote, "CLOSE_WAIT", Socket.Stage.PEER_FINISHED);
  }

  /** A connection that never carried a byte. */
  static Socket unused(String local, String remote) {
    return new Socket(
        "tcp", local, remote, "ESTABLISHED", 0, 0, -1, Socket.Stage.CONNECTED, 0, 0, Answer.NO);
  }

  static Facts peerGone() {
    return new Facts(Answer.UNKNOWN, Answer.UNKNOWN, Answer.YES, -1, Answer.UNKNOWN);
  }

  /** Thread 1 waits on all that is {@link #polled}, others on what {@link #pollers} says. */
  ThreadWaits waits() {
    List<ThreadWait> waits = new ArrayList<>();
    polled.forEach(number -> waits.add(new ThreadWait(1, WaitCall.EPOLL_WAIT, number)));
    pollers.forEach(
        (thread, number) -> waits.add(new ThreadWait(thread, WaitCall.EPOLL_WAIT, number)));
    Set<Integer> threads = new HashSet<>(pollers.keySet());
    threads.add(1);
    return new ThreadWaits(now, threads, waits, 0, 0, 0);
  }

  /** The next scan, as the detector gets it. */
  Observation observe() {
    Reconciliation facts = reconcile();
    return Observation.of(facts, waits());
  }

  List<Open> all(GroupKey key) {
    return groups.computeIfAbsent(key, any -> new ArrayList<>());
  }

  int count(GroupKey key) {
    return all(key).size();
  }

  /** Closes so many, chosen by chance. */
  void close(GroupKey key, int count) {
    List<Open> open = all(key);
    for (int i = 0; i < count && !open.isEmpty(); i++) {
      open.remove(random.nextInt(open.size()));
    }
  }

  void closeOldest(GroupKey key, int count) {
    List<Open> open = all(key);
    open.subList(0, Math.min(count, open.size())).clear();
  }

  int poisson(double mean) {
    if (mean > 50) {
      return (int) Math.max(0, Math.round(mean + Math.sqrt(mean) * random.nextGaussian()));
    }
    double limit = Math.exp(-mean);
    double product = random.nextDouble();
    int count = 0;
    while (product > limit) {
      product *= random.nextDouble();
      count++;
    }
    return count;
  }

  /** A lifetime in scans, exponentially distributed, at least 1. */
  int life(double mean) {
    return 1 + (int) (-mean * Math.log(1 - random.nextDouble()));
  }

  int between(int from, int to) {
    return from + random.nextInt(to - from + 1);
  }

  /** What a scan sees now; time passes. */
  Reconciliation reconcile() {
    scan++;
    List<Group> seen = new ArrayList<>();
    groups.forEach(
        (key, open) -> {
          open.removeIf(one -> one.dies < scan);
          List<OwnedDescriptor> owned = new ArrayList<>(open.size());
          for (Open one : open) {
            one.scans++;
            owned.add(
                new OwnedDescriptor(
                    new Descriptor(
                        one.number,
                        key.kind(),
                        one.target,
                        1,
                        one.inode,
                        one.flags,
                        one.position,
                        one.socket,
                        one.watched,
                        one.facts),
                    key,
                    one.at,
                    true,
                    "main",
                    null,
                    one.meaning,
                    one.scans,
                    one.unreachable));
          }
          if (!owned.isEmpty()) {
            seen.add(new Group(key, owned));
          }
        });
    Reconciliation facts =
        new Reconciliation(
            scan,
            now,
            limits,
            seen,
            discrepancies,
            collected,
            errors,
            new GarbageCollections(collections, null),
            ended);
    ended.clear();
    now = now.plus(interval).plusMillis(random.nextInt(20));
    return facts;
  }
}
