package io.descry.detect;

import io.descry.os.Answer;
import io.descry.os.Descriptor;
import io.descry.os.Identity;
import io.descry.os.Kind;
import io.descry.reconcile.OwnedDescriptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the targets of forgotten descriptors add to a finding: files that nobody can open by name
 * any more, and many descriptors on one file. Both are in order by themselves.
 *
 * @param commands to check by hand
 */
record Targets(Commands commands) {
  private static final int SEVERAL = 3;

  /** The facts; none when there is nothing worth saying. */
  List<Evidence> evidence(List<OwnedDescriptor> leaked) {
    List<Evidence> evidence = new ArrayList<>();
    List<OwnedDescriptor> deleted =
        leaked.stream()
            .filter(owned -> owned.descriptor().facts().deleted() == Answer.YES)
            .toList();
    if (!deleted.isEmpty()) {
      evidence.add(
          new Evidence(
              "deleted",
              "%d of %d lead to what has no name any more: it takes up space until they are closed"
                  .formatted(deleted.size(), leaked.size()),
              commands.deleted(deleted)));
    }
    List<OwnedDescriptor> same = most(leaked);
    if (same.size() >= SEVERAL) {
      evidence.add(
          new Evidence(
              "duplicates",
              "%d of %d lead to one %s"
                  .formatted(same.size(), leaked.size(), same.get(0).descriptor().kind().label()),
              commands.targets(same)));
    }
    return evidence;
  }

  /** Those that lead to the target that most lead to. */
  private static List<OwnedDescriptor> most(List<OwnedDescriptor> leaked) {
    Map<Identity, List<OwnedDescriptor>> byTarget = new HashMap<>();
    List<OwnedDescriptor> most = List.of();
    for (OwnedDescriptor owned : leaked) {
      Descriptor descriptor = owned.descriptor();
      if (hasInodeOfItsOwn(descriptor)) {
        List<OwnedDescriptor> same =
            byTarget.computeIfAbsent(descriptor.identity(), any -> new ArrayList<>());
        same.add(owned);
        most = same.size() > most.size() ? same : most;
      }
    }
    return most;
  }

  /** All anonymous inodes are one; a named pipe and both ends of a pipe are one by their nature. */
  private static boolean hasInodeOfItsOwn(Descriptor descriptor) {
    return descriptor.inode() != 0
        && (descriptor.kind() == Kind.FILE
            || descriptor.kind() == Kind.DIRECTORY
            || descriptor.kind() == Kind.DEVICE
            || descriptor.kind().isSocket());
  }
}
