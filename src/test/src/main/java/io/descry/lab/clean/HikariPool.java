package io.descry.lab.clean;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A pool over sqlite that grows to its size, connection by connection, and stays. */
final class HikariPool implements Habit {
  private static final int SIZE = 12;

  private final HikariDataSource pool;

  HikariPool(Path directory) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:sqlite:" + directory.resolve("db"));
    config.setMaximumPoolSize(SIZE);
    config.setMinimumIdle(1);
    pool = new HikariDataSource(config);
  }

  @Override
  public void step(int i) throws SQLException {
    List<Connection> taken = new ArrayList<>();
    for (int n = 0; n < Math.min(SIZE, 1 + i / 10); n++) {
      Connection connection = pool.getConnection();
      taken.add(connection);
      try (Statement statement = connection.createStatement()) {
        statement.execute("select 1");
      }
    }
    for (Connection connection : taken) {
      connection.close();
    }
  }

  @Override
  public void finish() {
    pool.close();
  }
}
