package io.descry.lab.leaks;

import io.descry.lab.Dialogue;
import io.descry.lab.Json;
import io.descry.lab.Libuv;
import io.descry.lab.OpenNumbers;
import io.descry.lab.Pace;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * One library whose native code opens what its user never closes: no line of Java's own I/O is
 * involved.
 */
public final class NativeLeak {
  private static final List<Object> KEPT = new ArrayList<>();

  private NativeLeak() {}

  /**
   * The program.
   *
   * @param args the library; a directory for its files; how many times it leaks, and the
   *     milliseconds between
   */
  public static void main(String[] args) throws Exception {
    Path directory = Files.createDirectories(Path.of(args[1]));
    int times = Integer.parseInt(args[2]);
    Pace.Step leak = leak(args[0], directory);
    // The first of its kind loads and opens what stays for good.
    leak.run();
    Dialogue.ask("ready");
    Map<Integer, String> before = Map.copyOf(OpenNumbers.now());
    Pace.keep(times, Long.parseLong(args[3]), leak);
    Map<String, Integer> leaked = new TreeMap<>();
    OpenNumbers.now()
        .forEach(
            (number, target) -> {
              if (!target.equals(before.get(number))
                  || target.startsWith("anon_inode:") && !before.containsKey(number)) {
                leaked.merge(kind(number, target), 1, Integer::sum);
              }
            });
    leaked.values().removeIf(count -> count < times);
    if (leaked.isEmpty()) {
      throw new IllegalStateException("nothing leaked");
    }
    Dialogue.ask("leaked " + Json.of(leaked));
  }

  /** The only sockets here that nobody lists are libuv's, of TCP and not yet bound. */
  private static String kind(int number, String target) {
    String kind = OpenNumbers.kind(number, target);
    return kind.equals("socket") ? "socket.tcp" : kind;
  }

  private static Pace.Step leak(String library, Path directory) {
    return switch (library) {
      case "netty" -> NativeLeak::netty;
      case "vertx" -> NativeLeak::vertx;
      case "libuv" -> () -> libuv(directory);
      case "sqlite" -> () -> sqlite(directory);
      case "rocksdb" -> () -> rocksdb(directory);
      default -> throw new IllegalArgumentException(library);
    };
  }

  private static void netty() throws Exception {
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    group.submit(() -> {}).get();
    KEPT.add(group);
  }

  private static void vertx() {
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
    if (!vertx.isNativeTransportEnabled()) {
      throw new IllegalStateException(
          "no native transport", vertx.unavailableNativeTransportCause());
    }
    KEPT.add(vertx);
  }

  private static void libuv(Path directory) throws Exception {
    Path file = directory.resolve("file");
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
    KEPT.add(new Libuv.Loop(file.toString()));
  }

  private static void sqlite(Path directory) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("db"));
    try (Statement statement = connection.createStatement()) {
      statement.execute("create table if not exists t (x)");
    }
    KEPT.add(connection);
  }

  private static void rocksdb(Path directory) throws RocksDBException {
    Options options = new Options().setCreateIfMissing(true);
    KEPT.add(options);
    KEPT.add(RocksDB.open(options, directory.resolve("db" + KEPT.size()).toString()));
  }
}
