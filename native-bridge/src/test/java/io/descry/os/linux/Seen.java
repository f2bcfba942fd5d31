package io.descry.os.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Descriptor;
import io.descry.os.ProcessDescriptors;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Shorthand for what a scan saw. */
final class Seen {
  private Seen() {}

  static Map<Integer, Descriptor> by(ProcessDescriptors adapter) {
    return adapter.snapshot().descriptors().stream()
        .collect(Collectors.toMap(Descriptor::number, Function.identity()));
  }

  static Descriptor one(ProcessDescriptors adapter, int number) {
    Descriptor descriptor = by(adapter).get(number);
    assertThat(descriptor).as("descriptor %d", number).isNotNull();
    return descriptor;
  }

  /** The one whose target is that path. */
  static Descriptor at(ProcessDescriptors adapter, Object path) {
    return by(adapter).values().stream()
        .filter(descriptor -> descriptor.target().equals(path.toString()))
        .reduce((a, b) -> a)
        .orElseThrow(() -> new AssertionError("nothing leads to " + path));
  }
}
