package io.descry.lab.owners;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The handles that the agent has recorded and not seen closed, read where the JVM has them. */
final class KnownHandles {
  private static final String LAB = "io.descry.lab.";

  private KnownHandles() {}

  /** The live handle that knows this number; {@code null} when there is none. */
  static Map<String, Object> under(int number) {
    return live(call(handles(), null, "entry", number));
  }

  /** How many live handles know a number. */
  static int numbered() {
    int live = 0;
    int number = (int) call(handles(), null, "next", 0);
    while (number >= 0) {
      live += under(number) == null ? 0 : 1;
      number = (int) call(handles(), null, "next", number + 1);
    }
    return live;
  }

  /** The live handles that were made without a number. */
  static List<Map<String, Object>> others() {
    List<Map<String, Object>> others = new ArrayList<>();
    for (Object entry : (List<?>) call(handles(), null, "others")) {
      Map<String, Object> other = live(entry);
      if (other != null) {
        others.add(other);
      }
    }
    return others;
  }

  /** Whether the agent missed anything. */
  static boolean missed() {
    try {
      return handles().getField("missed").getBoolean(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> live(Object entry) {
    if (entry == null || (boolean) get(entry, "closed")) {
      return null;
    }
    Map<String, Object> handle = new LinkedHashMap<>();
    for (String property : List.of("number", "path", "className", "wholeClassName", "thread")) {
      handle.put(property, get(entry, property));
    }
    handle.put("frames", frames(get(entry, "site")));
    return handle;
  }

  private static List<String> frames(Object site) {
    List<String> frames = new ArrayList<>();
    if (site instanceof Throwable stack) {
      for (StackTraceElement frame : stack.getStackTrace()) {
        if (frame.getClassName().startsWith(LAB)) {
          frames.add(frame.toString());
        }
      }
    } else if (site instanceof List<?> read) {
      read.forEach(frame -> frames.add(frame.toString()));
    }
    return frames;
  }

  private static Object get(Object entry, String property) {
    return call(entry.getClass(), entry, property);
  }

  private static Object call(Class<?> type, Object object, String method, Object... arguments) {
    try {
      Class<?>[] parameters = new Class<?>[arguments.length];
      java.util.Arrays.fill(parameters, int.class);
      return type.getMethod(method, parameters).invoke(object, arguments);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Class<?> handles() {
    try {
      return Class.forName("io.descry.ledger.Handles", true, null);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("no agent", e);
    }
  }
}
