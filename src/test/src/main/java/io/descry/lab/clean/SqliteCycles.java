package io.descry.lab.clean;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Connections made, used and closed. */
final class SqliteCycles implements Habit {
  private final String url;

  SqliteCycles(Path directory) {
    url = "jdbc:sqlite:" + directory.resolve("db");
  }

  @Override
  public void step(int i) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("create table if not exists t (x)");
      statement.execute("insert into t values (" + i + ")");
    }
  }
}
