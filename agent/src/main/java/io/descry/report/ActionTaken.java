package io.descry.report;

import java.time.Instant;

/**
 * Something that Descry did, or could not do, because the operator asked for it beforehand.
 *
 * @param at when
 * @param action its name, {@code null} when it was not done
 * @param text what, as a sentence; may hold text from outside
 */
public record ActionTaken(Instant at, String action, String text) {}
