package io.descry.lab.owners;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.lmdbjava.Env;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

/** Databases that native code in this process keeps in files. */
final class Databases {
  private Databases() {}

  static AutoCloseable sqlite(Path directory) throws Exception {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:sqlite/some.db");
    try (Statement statement = connection.createStatement()) {
      statement.execute("pragma journal_mode = wal");
      statement.execute("create table if not exists some (thing)");
    }
    return connection;
  }

  static AutoCloseable rocksDb(Path directory) throws Exception {
    try (Options options = new Options().setCreateIfMissing(true)) {
      return RocksDB.open(options, directory.toString());
    }
  }

  static AutoCloseable lmdb(Path directory) throws Exception {
    return Env.create().open(directory.toFile());
  }
}
