package io.descry.os;

import java.time.Instant;

/**
 * Something that Descry cannot see here, so that silence about it means nothing.
 *
 * @param what what is not seen, such as {@code socket states}
 * @param since since when
 * @param why the reason, in words for an operator
 */
public record Blind(String what, Instant since, String why) {}
