package io.descry.lab.leaks;

import com.sun.jna.Memory;
import io.descry.lab.Dialogue;
import io.descry.lab.Libc;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.SynchronousQueue;

/**
 * Native code that closes numbers while threads wait on them, where that is hard to tell, or nearly
 * does: {@code misuse} or {@code nearly}. Java's selectors are to be made of poll(2).
 */
public final class NativeRaces {
  /** How often each is done. */
  public static final int TIMES = 3;

  /** Numbers that are given out again; ten further those polled, and those selected. */
  public static final int FIRST = 600;

  /** Said where scans are to be made before it goes on. */
  public static final String SCAN = "scan";

  private static final int EFD_CLOEXEC = 0x80000;
  private static final int POLLIN = 1;
  private static final int POLLFD = 8;

  private NativeRaces() {}

  /** The program. */
  public static void main(String[] args) throws Exception {
    Dialogue.ask("ready");
    if (args[0].equals("misuse")) {
      misuse();
    } else {
      nearly();
    }
    Dialogue.ask("done");
    // Threads still wait in native code.
    System.exit(0);
  }

  private static void misuse() {
    open(FIRST);
    open(FIRST + 10);
    open(FIRST + 20);
    Dialogue.ask(SCAN);
    for (int i = 0; i < TIMES; i++) {
      reader(FIRST + i).start();
      thread("poller-" + i, poll(FIRST + 10 + i)).start();
      thread("selecting-" + i, select(FIRST + 20 + i)).start();
    }
    Dialogue.ask(SCAN);
    giveOutAgain();
    close(FIRST + 10);
    close(FIRST + 20);
  }

  private static void open(int first) {
    for (int i = 0; i < TIMES; i++) {
      NativeHazards.open(first + i);
    }
  }

  private static void close(int first) {
    for (int i = 0; i < TIMES; i++) {
      check(Libc.close(first + i));
    }
  }

  private static void giveOutAgain() {
    close(FIRST);
    open(FIRST);
  }

  private static void nearly() throws Exception {
    Step reading = readAgain(FIRST);
    NativeHazards.open(FIRST + 1);
    reader(FIRST + 1).start();
    Step polling = pollWithout(FIRST + 2);
    thread("polls what is open", poll(NativeHazards.open(FIRST + 3))).start();
    thread("selects what is open", select(NativeHazards.open(FIRST + 4))).start();
    Step accepting = acceptAndClose();
    Step selecting = selectAndClose();
    Dialogue.ask(SCAN);
    reading.run();
    // One takes the place of the other, as when a log is rotated.
    NativeHazards.open(FIRST + 1);
    polling.run();
    accepting.run();
    selecting.run();
  }

  /** What is done when scans have seen what was begun. */
  private interface Step {
    void run() throws Exception;
  }

  /** The reader leaves, the number is closed and given out, and it reads from what it is now. */
  private static Step readAgain(int number) {
    NativeHazards.open(number);
    SynchronousQueue<Boolean> turns = new SynchronousQueue<>();
    thread(
            "reader",
            () -> {
              read(number);
              hand(turns);
              take(turns);
              read(number);
            })
        .start();
    return () -> {
      wake(number);
      take(turns);
      check(Libc.close(number));
      NativeHazards.open(number);
      hand(turns);
    };
  }

  private static void hand(SynchronousQueue<Boolean> turns) {
    try {
      turns.put(true);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void take(SynchronousQueue<Boolean> turns) {
    try {
      turns.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What is closed is polled no more. */
  private static Step pollWithout(int number) {
    NativeHazards.open(number);
    int waking = check(Libc.eventfd(0, EFD_CLOEXEC));
    Memory polled = pollfds(waking, number);
    thread(
            "poller",
            () -> {
              check(Libc.poll(polled, 2, -1));
              read(waking);
              polled.setInt(POLLFD, -1);
              check(Libc.close(number));
              Libc.poll(polled, 2, -1);
            })
        .start();
    return () -> wake(waking);
  }

  /** Java's thread is woken when its socket is closed. */
  private static Step acceptAndClose() throws IOException {
    ServerSocket server = new ServerSocket();
    server.bind(new InetSocketAddress(0));
    thread("accepting", () -> accept(server)).start();
    return server::close;
  }

  private static void accept(ServerSocket server) {
    try {
      server.accept();
      throw new IllegalStateException("nobody connects");
    } catch (SocketException e) {
      // As it should.
      return;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Step selectAndClose() throws IOException {
    Selector selector = Selector.open();
    if (!selector.getClass().getSimpleName().startsWith("Poll")) {
      throw new IllegalStateException("not on poll(2): " + selector);
    }
    Pipe pipe = Pipe.open();
    pipe.source().configureBlocking(false).register(selector, SelectionKey.OP_READ);
    thread("selecting", () -> select(selector)).start();
    return () -> {
      pipe.source().close();
      pipe.sink().close();
    };
  }

  private static void select(Selector selector) {
    try {
      while (true) {
        selector.select();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Thread reader(int number) {
    return thread("reader-" + number, () -> read(number));
  }

  private static void read(int number) {
    Libc.read(number, new byte[8], 8);
  }

  private static void wake(int eventfd) {
    check((int) Libc.write(eventfd, new byte[] {1, 0, 0, 0, 0, 0, 0, 0}, 8));
  }

  private static Runnable poll(int number) {
    return () -> {
      try (Memory polled = pollfds(check(Libc.eventfd(0, EFD_CLOEXEC)), number)) {
        Libc.poll(polled, 2, -1);
      }
    };
  }

  /** {@code struct pollfd}: fd 4, events 2, revents 2. */
  private static Memory pollfds(int... numbers) {
    Memory polled = new Memory((long) numbers.length * POLLFD);
    for (int i = 0; i < numbers.length; i++) {
      polled.setInt((long) i * POLLFD, numbers[i]);
      polled.setInt((long) i * POLLFD + 4, POLLIN);
    }
    return polled;
  }

  private static Runnable select(int number) {
    return () -> {
      try (Memory set = new Memory(128)) {
        set.clear();
        set.setByte(number / 8, (byte) (1 << number % 8));
        Libc.select(number + 1, null, null, set, null);
      }
    };
  }

  private static Thread thread(String name, Runnable does) {
    Thread thread = new Thread(does, name);
    thread.setDaemon(true);
    return thread;
  }

  private static int check(int result) {
    if (result < 0) {
      throw new IllegalStateException("refused");
    }
    return result;
  }
}
