package io.descry.detect;

import io.descry.reconcile.GroupKey;

/**
 * Archives that class loaders keep open. A loader opens each of its class path once, when it first
 * looks into it, and keeps it until it is closed (jdk.internal.loader.URLClassPath, 17 and 25): as
 * a program comes to use its libraries their number rises evenly, for as long as there are
 * archives, and there are hundreds. Those of loaders that nobody closes rise likewise: the JDK
 * keeps one descriptor for each archive, whoever opens it (java.util.zip.ZipFile.Source), so that
 * never two lead to the same.
 */
final class ClassPath {
  /** Of what another place may hold. */
  static final int TIMES = 10;

  private static final String LOADER = "jdk.internal.loader.URLClassPath";

  private ClassPath() {}

  /** Whether class loaders opened what is in the group. */
  static boolean opened(GroupKey key) {
    return key.site().java().stream().anyMatch(frame -> frame.contains(LOADER));
  }
}
