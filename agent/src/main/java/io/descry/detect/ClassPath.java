package io.descry.detect;

import io.descry.os.Answer;
import io.descry.os.Identity;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Archives that class loaders keep open. A loader opens each of its class path once, when it first
 * looks into it, and keeps it until it is closed (jdk.internal.loader.URLClassPath, 17 and 25): as
 * a program comes to use its libraries their number rises evenly, for as long as there are
 * archives. What no class path explains is an archive that is open twice, and one that is deleted.
 */
final class ClassPath {
  private static final String LOADER = "jdk.internal.loader.URLClassPath";

  private ClassPath() {}

  /** Those that may be leaked of what counts in a group: all where no class loader opened them. */
  static List<OwnedDescriptor> unexplained(GroupKey key, List<OwnedDescriptor> counted) {
    if (key.site().java().stream().noneMatch(frame -> frame.contains(LOADER))) {
      return counted;
    }
    Set<Identity> once = new HashSet<>();
    return counted.stream()
        .filter(
            owned ->
                !once.add(owned.descriptor().identity())
                    || owned.descriptor().facts().deleted() == Answer.YES)
        .toList();
  }
}
