package io.descry.owner.modules;

import io.descry.owner.Claim;
import io.descry.owner.HandleType;
import io.descry.owner.OwnerModule;
import java.util.List;

/** RocksDB: a database's directory, and the files that readers and writers of tables open. */
public final class RocksDb implements OwnerModule {
  /** Called by the service loader. */
  public RocksDb() {}

  @Override
  public List<HandleType> handles() {
    return List.of(
        database("org.rocksdb.RocksDB")
            .opens("openReadOnly", Claim.directoryParameter())
            .opens("openAsSecondary", Claim.directoryParameter()),
        database("org.rocksdb.OptimisticTransactionDB"),
        database("org.rocksdb.TransactionDB"),
        database("org.rocksdb.TtlDB"),
        HandleType.of("org.rocksdb.SstFileReader").opens("open", Claim.fileParameter()),
        HandleType.of("org.rocksdb.SstFileWriter").opens("open", Claim.fileParameter()),
        HandleType.of("org.rocksdb.AbstractImmutableNativeReference")
            .closes("close", Claim.nothing()));
  }

  /** {@code closeE} is the close that throws. */
  private static HandleType database(String name) {
    return HandleType.of(name)
        .opens("open", Claim.directoryParameter())
        .closes("close", Claim.nothing())
        .closes("closeE", Claim.nothing());
  }

  @Override
  public String artifact(String className) {
    return "org.rocksdb:rocksdbjni";
  }
}
