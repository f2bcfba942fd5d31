package io.descry.os;

import java.time.Instant;
import java.util.List;

/**
 * Every descriptor that the operating system says the process holds, less Descry's own.
 *
 * @param at when the scan began
 * @param descriptors ascending by number; never {@code null}
 * @param own how many descriptors of Descry's own the scan saw and left out
 */
public record DescriptorSnapshot(Instant at, List<Descriptor> descriptors, int own) {
  public DescriptorSnapshot {
    descriptors = List.copyOf(descriptors);
  }
}
