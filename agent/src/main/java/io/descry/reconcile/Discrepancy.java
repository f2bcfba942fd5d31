package io.descry.reconcile;

import io.descry.os.Descriptor;
import io.descry.os.Kind;
import java.time.Instant;

/**
 * The ledger has a live descriptor that the snapshot lacks, or has as something else: it was closed
 * behind its owner's back. Only what two scans in a row have shown, with the ledger unmoved, gets
 * here.
 *
 * @param number the descriptor
 * @param sequence tells one discrepancy of this number from the next
 * @param kind what Java opened
 * @param site where Java opened it
 * @param opened when Java opened it
 * @param thread name of the thread that opened it; {@code null} when unknown
 * @param before what an earlier scan saw under the number when it still was the owner's; {@code
 *     null} when no scan did
 * @param now what the number is now; {@code null} when it is closed
 * @param act what native code was seen to do with the number since Java opened it; {@code null}
 *     when nothing
 */
public record Discrepancy(
    int number,
    long sequence,
    Kind kind,
    Site site,
    Instant opened,
    String thread,
    Descriptor before,
    Descriptor now,
    NativeAct act) {}
