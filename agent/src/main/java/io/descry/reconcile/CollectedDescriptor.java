package io.descry.reconcile;

import io.descry.os.Kind;

/**
 * A descriptor that the garbage collector closed, because the application forgot to.
 *
 * @param number which it was
 * @param kind what it was
 * @param site where it was opened
 * @param openedNanos when, in {@link System#nanoTime()}
 * @param thread name of the thread that opened it
 */
public record CollectedDescriptor(
    int number, Kind kind, Site site, long openedNanos, String thread) {}
