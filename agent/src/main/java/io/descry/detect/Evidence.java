package io.descry.detect;

/**
 * One observed fact about a descriptor or group.
 *
 * @param type short name of the kind of fact, such as {@code growth}
 * @param text the fact, in words for an operator
 * @param check a command that shows the same fact by hand
 */
public record Evidence(String type, String text, String check) {}
