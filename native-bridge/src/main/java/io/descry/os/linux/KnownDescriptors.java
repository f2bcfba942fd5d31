package io.descry.os.linux;

import io.descry.os.Descriptor;
import io.descry.os.Kind;
import io.descry.os.Socket;
import io.descry.os.linux.DescriptorBatch.Glance;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;

/**
 * The descriptors as the last scan knew them, so that the next asks no more about each than whether
 * it is still the same: one {@code statx}. What is new, what is another inode than before and what
 * the caller's books say is another use is looked at anew, and so is a part of the rest in turns.
 * Of the others it is asked in turns what rules look at: positions, states and byte counts of
 * sockets, hang-ups, what eventpolls watch. Up to some thousand descriptors all have their turn in
 * every scan; beyond that, what is told of an unchanged one is at most as many scans old as {@link
 * #PART} says.
 *
 * <p>For one thread at a time.
 */
final class KnownDescriptors {
  /** How many known descriptors a scan looks at anew. */
  static final int ANEW = 512;

  /** How many files, pipes and sockets a scan glances at, if one in {@link #PART} is less. */
  static final int GLANCES = 4096;

  /** Less than the scans for which any rule watches a descriptor before it says something. */
  static final int PART = 4;

  /** How many eventpolls, likewise. That takes some 5 µs each. */
  static final int INTERESTS = 512;

  /** How many eventfds and timerfds; nothing is found by these alone. */
  static final int COUNTERS = 256;

  /**
   * One descriptor, and what tells whether it is still that, beside device and inode. There is one
   * for each: it is small.
   */
  private static final class Known {
    /** {@code null} once it is closed. */
    Descriptor descriptor;

    /** As {@code statx} has it, in 16 bits. */
    char mode;

    /** Names, as many as 16 bits can say. */
    char links;

    /** What the last glance said, if that was at what poll(2) or an fdinfo tells, in 32 bits. */
    int told;

    long use;

    int number() {
      return descriptor.number();
    }
  }

  private final DescriptorBatch batch;
  private final DescriptorInspector inspector;
  private final Turns anew = new Turns();
  private final Turns glances = new Turns();
  private final Turns interests = new Turns();
  private final Turns counters = new Turns();
  private List<Known> known = new ArrayList<>();

  /** Places in the list that is being made of those that are asked about in a batch. */
  private final int[] places = new int[DescriptorBatch.SIZE];

  private int asked;
  private int eventpolls;

  KnownDescriptors(DescriptorBatch batch, DescriptorInspector inspector) {
    this.batch = batch;
    this.inspector = inspector;
  }

  /**
   * What is open now, ascending.
   *
   * @param own which numbers to leave out
   * @param uses as {@link io.descry.os.ProcessDescriptors#snapshot(IntToLongFunction)} has it
   */
  List<Descriptor> scan(IntPredicate own, IntToLongFunction uses) {
    int before = known.size();
    anew.begin(ANEW);
    glances.begin(Math.max(GLANCES, before / PART));
    interests.begin(Math.max(INTERESTS, eventpolls / PART));
    counters.begin(COUNTERS);
    eventpolls = 0;
    List<Known> now = new ArrayList<>(before + 64);
    int next = 0;
    int from = 0;
    for (int count = DescriptorBatch.SIZE; count == DescriptorBatch.SIZE; ) {
      count = batch.statuses(from);
      batch.clear();
      asked = 0;
      for (int index = 0; index < count; index++) {
        int number = batch.number(index);
        from = number + 1;
        while (next < before && known.get(next).number() < number) {
          next++;
        }
        if (!own.test(number)) {
          boolean was = next < before && known.get(next).number() == number;
          // Passed by at once: a number that is closed meanwhile has no descriptor any more.
          add(now, was ? known.get(next++) : null, index, uses.applyAsLong(number));
        }
      }
      batch.glance();
      for (int question = 0; question < asked; question++) {
        learn(now.get(places[question]), question);
      }
    }
    now.removeIf(one -> one.descriptor == null);
    known = now;
    List<Descriptor> all = new ArrayList<>(now.size());
    for (Known one : now) {
      all.add(one.descriptor);
      eventpolls += one.descriptor.kind() == Kind.EVENTPOLL ? 1 : 0;
    }
    return all;
  }

  private void add(List<Known> now, Known before, int index, long use) {
    int number = batch.number(index);
    if (before == null || !isStill(before, index, use) || anew.has(number)) {
      Known fresh = before == null ? new Known() : before;
      fresh.use = use;
      look(fresh, number);
      if (fresh.descriptor != null) {
        now.add(fresh);
      }
      return;
    }
    now.add(before);
    Glance glance = glance(before.descriptor);
    if (glance != null && turns(glance, before).has(number)) {
      places[asked++] = now.size() - 1;
      batch.add(number, glance);
    }
  }

  private Turns turns(Glance glance, Known one) {
    if (glance != Glance.INTEREST) {
      return glances;
    }
    return one.descriptor.kind() == Kind.EVENTPOLL ? interests : counters;
  }

  private boolean isStill(Known before, int index, long use) {
    return before.descriptor != null
        && before.use == use
        && before.descriptor.inode() == batch.inode(index)
        && before.descriptor.device() == batch.device(index)
        && before.mode == (char) batch.mode(index)
        && before.links == links(batch.links(index))
        && batch.error(index) == 0;
  }

  private static char links(long links) {
    return (char) Math.min(links, Character.MAX_VALUE);
  }

  /** Asks for everything. */
  private void look(Known one, int number) {
    one.descriptor = inspector.describe(number);
    if (one.descriptor != null) {
      one.mode = (char) inspector.mode();
      one.links = links(inspector.links());
      one.told = glance(one.descriptor) == Glance.INTEREST ? 0 : inspector.events();
    }
  }

  private static Glance glance(Descriptor descriptor) {
    return switch (descriptor.kind()) {
      // Not where it is not asked for: it might wait for a file server.
      case FILE -> descriptor.position() < 0 ? null : Glance.POSITION;
      case PIPE, SOCKET_UDP, SOCKET_UNIX -> Glance.READINESS;
      // An error that comes takes the connection with it: the state tells.
      case SOCKET_TCP ->
          descriptor.socket().stage() == Socket.Stage.CONNECTED ? Glance.CONNECTION : Glance.TCP;
      case EVENTPOLL, EVENTFD, TIMERFD -> Glance.INTEREST;
      default -> null;
    };
  }

  /** Takes in the answer to a question. */
  private void learn(Known one, int question) {
    Descriptor before = one.descriptor;
    Glance glance = glance(before);
    boolean same =
        switch (glance) {
          case POSITION -> batch.position(question) == before.position();
          case READINESS -> batch.events(question) == one.told;
          case TCP -> batch.events(question) == one.told && isInState(before, question);
          case CONNECTION -> isInState(before, question);
          case INTEREST -> batch.digest(question) != 0 && (int) batch.digest(question) == one.told;
        };
    if (!same && glance == Glance.POSITION && batch.position(question) >= 0) {
      one.descriptor = moved(before, batch.position(question));
    } else if (!same) {
      look(one, before.number());
      if (one.descriptor != null && glance == Glance.INTEREST) {
        one.told = glance(one.descriptor) == glance ? (int) batch.digest(question) : one.told;
      }
    } else if (glance == Glance.TCP || glance == Glance.CONNECTION) {
      one.descriptor = used(before, batch.tcp(question));
    }
  }

  private boolean isInState(Descriptor tcp, int question) {
    return TcpState.name(batch.tcp(question).state()).equals(tcp.socket().state());
  }

  private static Descriptor moved(Descriptor file, long position) {
    return new Descriptor(
        file.number(),
        file.kind(),
        file.target(),
        file.device(),
        file.inode(),
        file.flags(),
        position,
        null,
        null,
        file.facts());
  }

  /** As before, but for the bytes that went over it and the time since. */
  private static Descriptor used(Descriptor tcp, TcpInfo info) {
    Socket socket = tcp.socket();
    return new Descriptor(
        tcp.number(),
        tcp.kind(),
        tcp.target(),
        tcp.device(),
        tcp.inode(),
        tcp.flags(),
        tcp.position(),
        new Socket(
            socket.protocol(),
            socket.local(),
            socket.remote(),
            socket.state(),
            socket.receiveQueue(),
            socket.sendQueue(),
            info.idleMillis(),
            socket.stage(),
            info.sent(),
            info.received(),
            socket.errorPending()),
        null,
        tcp.facts());
  }
}
