package io.descry.reconcile;

import io.descry.ledger.LedgerEntry;
import io.descry.os.tracer.NativeObject;
import io.descry.os.tracer.NativeUse;

/**
 * What native code was seen to do with a number that Java holds.
 *
 * @param call the function
 * @param object who called
 * @param closed whether that closed what Java had opened; else it was given the number afterwards,
 *     so that somebody must have closed it
 */
public record NativeAct(String call, NativeObject object, boolean closed) {

  /** What a record tells of an entry's number; {@code null} when nothing. */
  static NativeAct of(NativeUse use, LedgerEntry entry) {
    if (use == null) {
      return null;
    }
    // A record of Java's own open is older than the entry, which is written after the call.
    if (use.openedNanos() - entry.openedNanos() > 0) {
      return use.object() == null ? null : new NativeAct(use.call(), use.object(), false);
    }
    boolean closed = use.close() != null && use.close().nanos() - entry.openedNanos() > 0;
    return closed && use.close().object() != null
        ? new NativeAct(use.close().call(), use.close().object(), true)
        : null;
  }
}
