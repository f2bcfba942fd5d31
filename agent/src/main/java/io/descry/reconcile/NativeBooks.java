package io.descry.reconcile;

import io.descry.os.tracer.NativeUse;
import io.descry.os.tracer.Tracer;
import java.util.function.Function;

/**
 * What is known of descriptors that native code opened, beside the ledger and the snapshot.
 *
 * @param tracer what native code was seen to do
 * @param libraries names the library of a use; {@code null} when it cannot
 * @param handles the libraries' own Java objects
 */
public record NativeBooks(
    Tracer tracer, Function<NativeUse, Library> libraries, HandleBook handles) {
  /** Brings all up to date; once a scan. */
  void refresh() {
    tracer.refresh();
    handles.refresh();
  }
}
