package io.descry.lab.clean;

import java.nio.file.Path;

/** What healthy programs do, by name. */
public final class Habits {
  private Habits() {}

  /**
   * The habit of this name, begun.
   *
   * @param directory for its files; there, and empty
   * @throws IllegalArgumentException for a name that is not known
   */
  public static Habit of(String name, Path directory) throws Exception {
    return switch (name) {
      case "netty" -> new NettyCycles();
      case "vertx" -> new VertxService();
      case "libuv" -> new LibuvCycles(directory);
      case "sqlite" -> new SqliteCycles(directory);
      case "hikari" -> new HikariPool(directory);
      case "rocksdb" -> new RocksCycles(directory);
      case "http" -> new HttpService();
      case "filling" -> new FillingPools(directory);
      case "bursts" -> new Bursts(directory);
      case "walks" -> new Walks(directory);
      case "processes" -> new Processes();
      case "loaders" -> new Loaders(directory);
      case "watches" -> new Watches(directory);
      case "idle" -> new IdleConnections();
      default -> throw new IllegalArgumentException(name);
    };
  }
}
