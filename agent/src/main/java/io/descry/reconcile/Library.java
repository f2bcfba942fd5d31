package io.descry.reconcile;

/**
 * A native library that opened a descriptor.
 *
 * @param name what its maintainers call it, such as {@code libuv}
 * @param version its version, {@code null} when unknown
 * @param path the shared object, {@code null} when unknown
 * @param buildId what the linker marked this very build with, in hexadecimal; {@code null} when it
 *     has none
 */
public record Library(String name, String version, String path, String buildId) {
  /** A library without a build id. */
  public Library(String name, String version, String path) {
    this(name, version, path, null);
  }
}
