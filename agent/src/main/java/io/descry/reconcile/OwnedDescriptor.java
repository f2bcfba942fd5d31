package io.descry.reconcile;

import io.descry.os.Descriptor;
import java.time.Instant;

/**
 * A descriptor of the snapshot with its one owner.
 *
 * @param descriptor what the operating system says
 * @param group owner, kind and site
 * @param opened when it was opened as the ledger has it, or when a scan first saw it
 * @param openedExactly whether {@code opened} is from the ledger rather than from a scan
 * @param thread name of the thread that opened it; {@code null} when unknown
 * @param scans in how many scans in a row it was seen with this identity and the ledger unmoved; 1
 *     at first sight
 * @param ownerUnreachable whether the Java object that owned the number has been garbage-collected
 *     though the number is still open; false when no owner is known
 */
public record OwnedDescriptor(
    Descriptor descriptor,
    GroupKey group,
    Instant opened,
    boolean openedExactly,
    String thread,
    int scans,
    boolean ownerUnreachable) {}
