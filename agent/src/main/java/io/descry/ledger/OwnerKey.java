package io.descry.ledger;

/** Finds the entry of an object, by identity, without keeping the object. */
record OwnerKey(Object owner) {
  @Override
  public int hashCode() {
    return System.identityHashCode(owner);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HandleEntry entry && entry.ownedBy(owner);
  }
}
