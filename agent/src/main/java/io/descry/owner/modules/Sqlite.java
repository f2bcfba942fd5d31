package io.descry.owner.modules;

import io.descry.owner.Claim;
import io.descry.owner.HandleType;
import io.descry.owner.OwnerModule;
import java.util.List;

/** sqlite-jdbc: a connection's database file, with its journal, its log and the log's index. */
public final class Sqlite implements OwnerModule {
  /** Called by the service loader. */
  public Sqlite() {}

  @Override
  public List<HandleType> handles() {
    return List.of(
        HandleType.of("org.sqlite.core.DB")
            .opens("open", Claim.fileParameter("-journal", "-wal", "-shm"))
            .closes("close", Claim.nothing()));
  }

  @Override
  public String artifact(String className) {
    return "org.xerial:sqlite-jdbc";
  }

  @Override
  public String meaning(Object handle) {
    return FieldValue.of(handle, "fileName") instanceof String file
        ? "connection to database " + file
        : null;
  }
}
