package io.descry.lab.leaks;

import io.descry.lab.Dialogue;
import io.descry.lab.Libc;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Native code that misuses its descriptors, or nearly does: {@code misuse} or {@code nearly}. Under
 * high numbers, which nobody else is given meanwhile.
 */
public final class NativeHazards {
  /** How often each is done. */
  public static final int TIMES = 3;

  private static final int EFD_CLOEXEC = 0x80000;
  private static final int FIRST = 700;

  /** Longer than a few scans. */
  private static final long LONG_MILLIS = 3_000;

  private static final long PAUSE_NANOS = 100_000_000;

  private NativeHazards() {}

  /** The program. */
  public static void main(String[] args) throws Exception {
    Dialogue.ask("ready");
    List<ProcessHandle> children = new ArrayList<>();
    List<Process> javas = new ArrayList<>();
    try {
      if (args[0].equals("misuse")) {
        for (int i = 0; i < TIMES; i++) {
          closeTwice(FIRST + i);
          closeUnderReader(FIRST + 100 + i);
        }
        open(FIRST + 200);
        check(Libc.eventfd(0, EFD_CLOEXEC));
        children.add(child());
      } else {
        closeOnce();
        closeWhateverThereIs();
        closeWithReaderGone(FIRST + 101);
        closeUnderJavasAccept();
        // Of its own, before there is anything without close-on-exec to inherit.
        check(Libc.eventfd(0, EFD_CLOEXEC));
        children.add(child());
        readFromOpen(FIRST + 100);
        javas.add(new ProcessBuilder("sleep", "60").start());
      }
      Dialogue.ask("done");
      if (args[0].equals("misuse")) {
        closeTwiceUntilToldToEnd();
      }
    } finally {
      children.forEach(ProcessHandle::destroyForcibly);
      javas.forEach(Process::destroyForcibly);
    }
    // A thread still waits in native code.
    System.exit(0);
  }

  /** An eventfd under this number, which has no close-on-exec: dup2(2). */
  public static int open(int wanted) {
    int low = Libc.eventfd(0, EFD_CLOEXEC);
    int number = check(Libc.dup2(low, wanted));
    check(Libc.close(low));
    return number;
  }

  /** Closes what it has opened as this number, and the number again. */
  public static void closeTwice(int wanted) {
    int number = open(wanted);
    check(Libc.close(number));
    closeAgain(number);
  }

  /** For whoever looks on from outside. */
  private static void closeTwiceUntilToldToEnd() throws InterruptedException {
    Thread closing =
        new Thread(
            () -> {
              while (!Thread.currentThread().isInterrupted()) {
                closeTwice(FIRST);
                LockSupport.parkNanos(PAUSE_NANOS);
              }
            });
    closing.start();
    Dialogue.ask("again");
    closing.interrupt();
    closing.join();
  }

  private static void closeAgain(int number) {
    if (Libc.close(number) != -1) {
      throw new IllegalStateException("it was open: " + number);
    }
  }

  /** Closes this number while a thread waits in read(2) on it, for ever. */
  public static void closeUnderReader(int wanted) throws InterruptedException {
    int number = open(wanted);
    reader(number);
    Thread.sleep(LONG_MILLIS);
    check(Libc.close(number));
  }

  /** A thread that waits in read(2). */
  private static Thread reader(int number) {
    Thread reader = new Thread(() -> Libc.read(number, new byte[8], 8), "reader-" + number);
    reader.setDaemon(true);
    reader.start();
    return reader;
  }

  /** A child of native code, which inherits what has no close-on-exec. */
  public static ProcessHandle child() {
    return ProcessHandle.of(Libc.spawn("sleep", "60")).orElseThrow();
  }

  private static void closeOnce() {
    for (int i = 0; i < TIMES; i++) {
      int number = open(FIRST + i);
      check(Libc.close(number));
      // The same number again is another use.
      check(Libc.close(open(number)));
      if (Libc.close(-1) != -1) {
        throw new IllegalStateException("no number was closed");
      }
    }
  }

  /** As before another program is run: most of it never was open. */
  private static void closeWhateverThereIs() {
    for (int number = 500; number < 1000; number++) {
      closeAgain(number);
    }
  }

  private static void readFromOpen(int wanted) {
    reader(open(wanted));
  }

  private static void closeWithReaderGone(int wanted) throws InterruptedException {
    int low = check(Libc.eventfd(1, EFD_CLOEXEC));
    int number = check(Libc.dup2(low, wanted));
    reader(number).join();
    check(Libc.close(number));
    check(Libc.close(low));
  }

  private static void closeUnderJavasAccept() throws Exception {
    ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress(0));
    Thread accepting = new Thread(() -> accept(server), "accepting");
    accepting.start();
    Thread.sleep(LONG_MILLIS);
    server.close();
    accepting.join();
    Path file = Files.createTempFile("lab", ".once");
    FileInputStream stream = new FileInputStream(file.toFile());
    stream.close();
    stream.close();
    Files.delete(file);
  }

  private static void accept(ServerSocketChannel server) {
    try {
      server.accept();
      throw new IllegalStateException("nobody connects");
    } catch (AsynchronousCloseException e) {
      // As it should.
      return;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int check(int result) {
    if (result < 0) {
      throw new IllegalStateException("refused");
    }
    return result;
  }
}
