package io.descry.owner.modules;

import java.lang.reflect.Field;

/** Reads private fields of a library's objects, where the library's module lets it. */
final class FieldValue {
  private FieldValue() {}

  /**
   * The value of a field of the object's class or one above it; {@code null} when it is {@code
   * null}, absent or shut.
   */
  static Object of(Object object, String name) {
    if (object == null) {
      return null;
    }
    for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
      try {
        Field field = type.getDeclaredField(name);
        return field.trySetAccessible() ? field.get(object) : null;
      } catch (NoSuchFieldException e) {
        // The class above may declare it.
        continue;
      } catch (IllegalAccessException e) {
        return null;
      }
    }
    return null;
  }
}
