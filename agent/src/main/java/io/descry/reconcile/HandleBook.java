package io.descry.reconcile;

import io.descry.os.Descriptor;
import io.descry.owner.KnownOwner;
import io.descry.owner.KnownOwners;

/** Which Java objects of libraries stand for descriptors. */
public interface HandleBook {
  /** Looks at what was opened and closed since the last scan. */
  void refresh();

  /** The object that stands for a descriptor; {@code null} when none is known. */
  KnownOwner of(Descriptor descriptor);

  /** The book of this JVM. */
  static HandleBook of(KnownOwners owners) {
    return new HandleBook() {
      @Override
      public void refresh() {
        owners.refresh();
      }

      @Override
      public KnownOwner of(Descriptor descriptor) {
        return owners.of(descriptor).orElse(null);
      }
    };
  }
}
