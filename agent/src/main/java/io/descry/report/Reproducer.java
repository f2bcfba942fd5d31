package io.descry.report;

import io.descry.reconcile.Library;
import io.descry.reconcile.Site;
import io.descry.reconcile.library.IssueTrackers;
import java.util.List;

/**
 * A program that does what the stack shows, again and again, and does not close: where a maintainer
 * begins. It shows the call, not the bug, for what the application did around it is not known.
 *
 * @param language {@code c} or {@code java}
 * @param build how it is built and run, a line of shell each
 * @param code the program; it prints how many descriptors were open before and after
 */
record Reproducer(String language, List<String> build, String code) {
  private static final int TIMES = 100;

  /** The one for a library and a site; {@code null} when there is none. */
  static Reproducer of(Library library, Site site) {
    String name = IssueTrackers.plain(library.name());
    return switch (name) {
      case "libuv" -> libuv(site);
      case "sqlite-jdbc", "rocksdbjni", "netty-transport-native-epoll" ->
          java(name, library.version(), site);
      default -> null;
    };
  }

  /** The function of libuv's API by which it was entered: the outermost; {@code null} if none. */
  static String entry(Site site) {
    String entry = null;
    for (String frame : site.natives()) {
      String symbol = frame.replaceFirst("^[^!]*!", "").replaceFirst("\\+0x[0-9a-f]+$", "");
      if (symbol.matches("uv_[a-z]\\w*")) {
        entry = symbol;
      }
    }
    return entry;
  }

  private static Reproducer libuv(Site site) {
    String call = UvCalls.of(entry(site));
    return call == null
        ? null
        : new Reproducer(
            "c",
            List.of("cc -o reproducer reproducer.c -luv", "./reproducer"),
            UvCalls.program(TIMES, call));
  }

  private static Reproducer java(String name, String version, Site site) {
    boolean loops =
        site.java().stream()
            .anyMatch(
                frame ->
                    frame.contains("epoll.EpollEventLoop.<init>")
                        || frame.contains("epoll.EpollIoHandler.<init>"));
    String body =
        switch (name) {
          case "sqlite-jdbc" ->
              """
                  java.nio.file.Path file = java.nio.file.Files.createTempFile("reproducer", ".db");
                  return () -> {
                    java.sql.Connection connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + file);
                    connection.createStatement().execute("create table if not exists t (x)");
                    // connection.close() would be here.
                    return connection;
                  };
              """;
          case "rocksdbjni" ->
              """
                  java.nio.file.Path parent = java.nio.file.Files.createTempDirectory("reproducer");
                  return () ->
                    // RocksDB.close() would follow.
                    org.rocksdb.RocksDB.open(
                        java.nio.file.Files.createTempDirectory(parent, "db").toString());
              """;
          default ->
              loops
                  ? """
                  return () ->
                    // shutdownGracefully() would follow.
                    new io.netty.channel.MultiThreadIoEventLoopGroup(
                            1, io.netty.channel.epoll.EpollIoHandler.newFactory())
                        .submit(() -> null).sync();
              """
                  : null;
        };
    if (body == null) {
      return null;
    }
    String coordinates =
        switch (name) {
          case "sqlite-jdbc" -> "org.xerial:sqlite-jdbc";
          case "rocksdbjni" -> "org.rocksdb:rocksdbjni";
          default -> "io.netty:netty-transport-native-epoll (4.2 or later), with its class path";
        };
    boolean plain = version != null && version.matches("[\\w.+-]{1,60}");
    return new Reproducer(
        "java",
        List.of(
            "# with " + coordinates + (plain ? ", here " + version : "") + " on the class path",
            "java -cp \"$CLASS_PATH\" Reproducer.java"),
        program(body));
  }

  private static String program(String body) {
    return """
        public class Reproducer {
          static final java.util.List<Object> KEPT = new java.util.ArrayList<>();

          static java.util.concurrent.Callable<Object> step() throws Exception {
        %s  }

          static int open() {
            return new java.io.File("/proc/self/fd").list().length;
          }

          public static void main(String[] args) throws Exception {
            java.util.concurrent.Callable<Object> step = step();
            KEPT.add(step.call());
            int before = open();
            for (int i = 0; i < %d; i++) {
              KEPT.add(step.call());
            }
            System.out.println("open before " + before + ", after " + open());
            System.exit(0);
          }
        }
        """
        .formatted(body, TIMES);
  }
}
