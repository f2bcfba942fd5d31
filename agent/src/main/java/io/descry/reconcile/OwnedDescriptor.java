package io.descry.reconcile;

import io.descry.os.Descriptor;
import java.time.Instant;

/**
 * A descriptor of the snapshot with its one owner.
 *
 * @param descriptor what the operating system says
 * @param group owner, kind and site
 * @param opened when it was opened as a book has it, or when a scan first saw it
 * @param openedExactly whether {@code opened} is from a book rather than from a scan
 * @param thread name of the thread that opened it; {@code null} when unknown
 * @param call the function by which native code opened it, such as {@code epoll_create1}; {@code
 *     null} when unknown, and for what Java opened
 * @param meaning what it is to the library that holds it, in words; {@code null} when unknown
 * @param scans in how many scans in a row it was seen with this identity and the books unmoved; 1
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
    String call,
    String meaning,
    int scans,
    boolean ownerUnreachable) {}
