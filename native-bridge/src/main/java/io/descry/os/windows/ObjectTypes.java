package io.descry.os.windows;

import io.descry.os.Kind;
import java.util.Map;

/** Descry's kinds for the object manager's types, all but File, whose kind must be asked. */
final class ObjectTypes {
  static final String FILE = "File";

  private static final Map<String, Kind> KINDS =
      Map.of(
          "Event", Kind.EVENT,
          "Semaphore", Kind.SEMAPHORE,
          "Mutant", Kind.MUTANT,
          "Timer", Kind.TIMER,
          "Thread", Kind.THREAD,
          "Process", Kind.PROCESS,
          "Key", Kind.KEY,
          "Section", Kind.SECTION,
          "IoCompletion", Kind.IO_COMPLETION);

  private ObjectTypes() {}

  /** {@link Kind#OTHER} for the many others, and for {@code null}. */
  static Kind kind(String type) {
    return type == null ? Kind.OTHER : KINDS.getOrDefault(type, Kind.OTHER);
  }
}
