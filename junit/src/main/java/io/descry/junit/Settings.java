package io.descry.junit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * What annotations and configuration parameters say of one test or class.
 *
 * @param check whether to look at it
 * @param strict whether a test fails by what something still refers to
 * @param graceMillis how long to wait for what is closed by another thread
 * @param ignore what is kept open on purpose, in the words of {@link NoDescriptorLeaks#ignore()}
 * @param parallel whether tests may run at the same time
 * @param mustHaveAgent whether to fail where the agent cannot be had
 */
record Settings(
    boolean check,
    boolean strict,
    long graceMillis,
    List<String> ignore,
    boolean parallel,
    boolean mustHaveAgent) {
  private static final String PREFIX = "descry.junit.";

  Settings {
    ignore = List.copyOf(ignore);
  }

  /** By the nearest annotation, of the test's method, its class, the classes around that. */
  static Settings of(ExtensionContext context) {
    NoDescriptorLeaks nearest = null;
    List<String> ignore = new ArrayList<>();
    for (ExtensionContext each = context; each != null; each = each.getParent().orElse(null)) {
      Optional<NoDescriptorLeaks> found =
          AnnotationSupport.findAnnotation(each.getElement(), NoDescriptorLeaks.class);
      if (found.isPresent()) {
        nearest = nearest == null ? found.get() : nearest;
        ignore.addAll(List.of(found.get().ignore()));
      }
    }
    parameter(context, "ignore").ifPresent(list -> ignore.addAll(List.of(list.split(","))));
    return new Settings(
        nearest == null ? is(context, "all", false) : nearest.check(),
        nearest == null ? is(context, "strict", false) : nearest.strict(),
        nearest == null ? grace(context) : nearest.graceMillis(),
        ignore.stream().map(String::strip).filter(one -> !one.isEmpty()).toList(),
        context
            .getConfigurationParameter("junit.jupiter.execution.parallel.enabled")
            .map(Boolean::parseBoolean)
            .orElse(false),
        is(context, "required", true));
  }

  private static Optional<String> parameter(ExtensionContext context, String key) {
    return context.getConfigurationParameter(PREFIX + key).map(String::strip);
  }

  private static boolean is(ExtensionContext context, String key, boolean usual) {
    String text = parameter(context, key).orElse(Boolean.toString(usual));
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true");
    }
    throw new ExtensionConfigurationException(PREFIX + key + "=" + text + " is not true or false");
  }

  private static long grace(ExtensionContext context) {
    String text = parameter(context, "graceMillis").orElse("5000");
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new ExtensionConfigurationException(
          PREFIX + "graceMillis=" + text + " is not a number of milliseconds", e);
    }
  }
}
