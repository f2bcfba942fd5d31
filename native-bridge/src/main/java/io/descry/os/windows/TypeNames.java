package io.descry.os.windows;

import java.util.HashMap;
import java.util.Map;

/**
 * The names of object types, asked by way of handles of theirs. A handle may have been closed, and
 * its number given to an object of another type, since the list was made: what is asked once is
 * used once, what was answered alike twice is kept. For one thread at a time.
 */
final class TypeNames {
  private final ObjectQueries queries;
  private final Map<Integer, String> once = new HashMap<>();
  private final Map<Integer, String> known = new HashMap<>();

  TypeNames(ObjectQueries queries) {
    this.queries = queries;
  }

  /**
   * The type's name.
   *
   * @param type its number in the list of handles
   * @param handle one of that type
   * @return {@code null} when it is not told, or the handle is closed
   */
  String of(int type, int handle) {
    String name = known.get(type);
    if (name == null) {
      name = queries.type(handle);
      if (name != null && name.equals(once.put(type, name))) {
        known.put(type, name);
      }
    }
    return name;
  }
}
