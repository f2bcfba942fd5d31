package io.descry.reconcile;

import io.descry.os.Descriptor;
import io.descry.os.tracer.NativeUse;
import io.descry.os.tracer.Tracer;
import java.util.function.Function;

/**
 * What is known of descriptors that native code opened, beside the ledger and the snapshot.
 *
 * @param tracer what native code was seen to do
 * @param libraries names the library of a use; {@code null} when it cannot
 * @param handles finds the Java object that stands for a descriptor; {@code null} when none does
 */
public record NativeBooks(
    Tracer tracer,
    Function<NativeUse, Library> libraries,
    Function<Descriptor, KnownHandle> handles) {
  /** Nothing is known. */
  public static final NativeBooks NONE =
      new NativeBooks(Tracer.OFF, use -> null, descriptor -> null);
}
