package io.descry.os;

import io.descry.os.linux.ProcfsReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Opens until the system refuses, then scans. Run by {@link Forked} with a low limit. */
final class AtTheLimit {
  private AtTheLimit() {}

  public static void main(String[] args) throws Exception {
    boolean plain = Boolean.getBoolean("plain");
    // On JDK 17 the first channel to be closed needs a descriptor: not while there is none.
    Selector.open().close();
    try (ProcessDescriptors adapter =
            plain ? new ProcfsReader("test") : ProcessDescriptors.ofThisProcess();
        var selector = Selector.open();
        var server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress("127.0.0.1", 0)).configureBlocking(false);
      server.register(selector, SelectionKey.OP_ACCEPT);
      selector.selectNow();
      List<FileInputStream> all = new ArrayList<>();
      String refused = exhaust(all);
      int count = adapter.count();
      boolean exhausted = adapter.exhausted();
      String seen;
      try {
        seen = describe(adapter, all.size());
      } catch (UncheckedIOException e) {
        seen = "scan refused";
      }
      ThreadWaits waits = adapter.waits();
      String stillRefused = exhaust(all);
      System.out.println(refused);
      System.out.println("opened " + all.size() + " count " + count);
      System.out.println(seen);
      System.out.println("then " + stillRefused);
      all.remove(all.size() - 1).close();
      System.out.println("exhausted " + exhausted + " then " + adapter.exhausted());
      System.out.println("limit " + adapter.limits().soft());
      System.out.println("waits " + waits.complete() + " some " + !waits.waits().isEmpty());
      System.out.println("failures " + adapter.failures());
    }
  }

  private static String describe(ProcessDescriptors adapter, int opened) {
    List<Descriptor> found = adapter.snapshot().descriptors();
    long files = found.stream().filter(d -> d.target().equals("/proc/version")).count();
    var epoll = found.stream().filter(d -> d.kind() == Kind.EVENTPOLL).findFirst().orElseThrow();
    var socket = found.stream().filter(d -> d.kind() == Kind.SOCKET_TCP).findFirst().orElseThrow();
    var event = found.stream().filter(d -> d.kind() == Kind.EVENTFD).findFirst().orElseThrow();
    return "scan "
        + found.size()
        + " all files "
        + (files == opened)
        + " watches "
        + epoll.watched().contains(socket.number())
        + " state "
        + socket.socket().state()
        + " count "
        + event.facts().eventCount();
  }

  private static String exhaust(List<FileInputStream> all) {
    try {
      while (true) {
        all.add(new FileInputStream("/proc/version"));
      }
    } catch (IOException e) {
      return e.getMessage();
    }
  }
}
