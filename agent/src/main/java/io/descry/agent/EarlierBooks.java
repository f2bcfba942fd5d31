package io.descry.agent;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Finds the copies of {@code io.descry.api} that were used before Descry was there: each looks for
 * Descry only once, when it is first used. They are known by the simple name of a class, for a copy
 * that was moved into another package keeps that.
 */
final class EarlierBooks {
  private static final String CLASS = "ExpectedHandlesBook";
  private static final String METHOD = "connect";

  private EarlierBooks() {}

  /**
   * Has all of them offer their books.
   *
   * @param blind is told of those that cannot be had: what, and why
   */
  static void connect(Instrumentation instrumentation, BiConsumer<String, String> blind) {
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      if (type.getName().endsWith("." + CLASS)) {
        try {
          open(instrumentation, type);
          Method connect = type.getDeclaredMethod(METHOD);
          connect.setAccessible(true);
          connect.invoke(null);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
          blind.accept("what the application expects in " + type.getName(), String.valueOf(e));
        }
      }
    }
  }

  private static void open(Instrumentation instrumentation, Class<?> type) {
    if (type.getModule().isNamed()) {
      instrumentation.redefineModule(
          type.getModule(),
          Set.of(),
          Map.of(),
          Map.of(type.getPackageName(), Set.of(EarlierBooks.class.getModule())),
          Set.of(),
          Map.of());
    }
  }
}
