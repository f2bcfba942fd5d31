package io.descry.lab.corpus;

import io.descry.lab.Pace;
import io.descry.lab.leaks.NativeOpens;
import java.util.Map;

/**
 * What a library's native code opens on behalf of Java code that does not close it. The first is
 * made before the count begins, as with it the library loads and opens what stays for good.
 *
 * @param opens name of {@link NativeOpens}
 */
record LibraryLeaks(String opens, String library, Map<String, Integer> kinds, long pauseMillis)
    implements Program {

  /** Sqlite connections, to one database. */
  static Program sqlite() {
    return new LibraryLeaks("sqlite", "sqlite-jdbc", Map.of("file", 1), 250);
  }

  /**
   * Stores, one each: the lock, the log, the manifest, the write-ahead log, and its directory
   * twice.
   */
  static Program rocksDb() {
    return new LibraryLeaks("rocksdb", "rocksdbjni", Map.of("file", 4, "directory", 2), 250);
  }

  /** Files by JNA's direct call of {@code open(2)}. */
  static Program jna() {
    return new LibraryLeaks("jna", "jna", Map.of("file", 1), BUSY);
  }

  /** Runtimes of Node, each with a libuv of its own inside. */
  static Program node() {
    return new LibraryLeaks(
        "javet", "javet", Map.of("eventpoll", 1, "eventfd", 1, "io_uring", 1, "pipe", 2), 700);
  }

  /** Event loop groups of one loop on epoll, never shut down. */
  static Program epollGroups() {
    return new LibraryLeaks(
        "netty",
        "netty-transport-native-epoll",
        Map.of("eventpoll", 1, "eventfd", 1, "timerfd", 1),
        250);
  }

  /** The same with io_uring, with a server, a connection to it, and its accepted end. */
  static Program uringGroups() {
    return new LibraryLeaks(
        "io_uring",
        "netty-transport-native-io_uring",
        Map.of("io_uring", 1, "eventfd", 1, "socket.tcp", 3),
        200);
  }

  /** Instances of Vert.x, each with an event loop and an acceptor. */
  static Program vertx() {
    return new LibraryLeaks(
        "vertx",
        "netty-transport-native-epoll",
        Map.of("eventpoll", 2, "eventfd", 2, "timerfd", 2),
        250);
  }

  /**
   * Loops of libuv with a handle, a pipe and a file, none of them closed. Each loop has a pipe of
   * its own for signals, and with the first stream the null device in reserve.
   */
  static Program libuv() {
    return new LibraryLeaks(
        "libuv",
        "libuv",
        Map.of("eventpoll", 1, "eventfd", 1, "socket.tcp", 1, "pipe", 4, "file", 1, "device", 1),
        250);
  }

  @Override
  public Truth truth() {
    return Truth.of(Cause.library(library, kinds));
  }

  @Override
  public void prepare(Stage stage) throws Exception {
    leak(stage).run();
  }

  @Override
  public void step(Stage stage, int i) throws Exception {
    leak(stage).run();
    stage.leaked();
  }

  private Pace.Step leak(Stage stage) {
    return NativeOpens.by(opens, stage.directory());
  }
}
