package io.descry.reconcile;

/**
 * A native library that opened a descriptor.
 *
 * @param name what its maintainers call it, such as {@code libuv}
 * @param version its version, {@code null} when unknown
 * @param path the shared object, {@code null} when unknown
 */
public record Library(String name, String version, String path) {}
