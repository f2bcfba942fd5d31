package io.descry.os.symbols;

/**
 * A function.
 *
 * @param name demangled
 * @param within bytes from its begin to the address that was asked about
 */
public record Symbol(String name, long within) {}
