package io.descry.lab.clean;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** One store, opened, written and closed. */
final class RocksCycles implements Habit {
  private final String path;

  RocksCycles(Path directory) {
    path = directory.resolve("db").toString();
  }

  @Override
  public void step(int i) throws RocksDBException {
    try (Options options = new Options().setCreateIfMissing(true);
        RocksDB db = RocksDB.open(options, path)) {
      byte[] key = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
      db.put(key, key);
    }
  }

  @Override
  public long pauseMillis() {
    return 200;
  }
}
