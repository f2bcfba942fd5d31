package io.descry.reconcile;

import java.util.List;

/**
 * Descriptors of equal owner, kind and site.
 *
 * @param key what they have in common
 * @param descriptors ascending by number; never empty
 */
public record Group(GroupKey key, List<OwnedDescriptor> descriptors) {
  public Group {
    descriptors = List.copyOf(descriptors);
  }
}
