package io.descry.lab.demo;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A finding that the demo's report must have.
 *
 * @param leak what it is about, in words
 * @param holds whether a finding of the JSON report is this one
 */
record Expectation(String leak, Predicate<JsonObject> holds) {
  private static final Set<String> NATIVE = Set.of("foreign", "library");

  /** Everything that {@link LeakyService} leaks. */
  static final List<Expectation> ALL =
      List.of(
          byNativeCode("eventpoll"),
          byNativeCode("eventfd"),
          byNativeCode("timerfd"),
          byJava("growth", "socket.tcp", "fetchQuote"),
          byJava("closed-by-collector", "file", "appendToAuditLog"));

  private static Expectation byNativeCode(String kind) {
    return new Expectation(
        "/export: growth of " + kind + ", opened by native code",
        finding ->
            is(finding, "rule", "growth")
                && is(finding, "kind", kind)
                && NATIVE.contains(finding.getString("owner")));
  }

  private static Expectation byJava(String rule, String kind, String method) {
    return new Expectation(
        "%s of %s opened in LeakyService.%s".formatted(rule, kind, method),
        finding ->
            is(finding, "rule", rule)
                && is(finding, "kind", kind)
                && is(finding, "owner", "java")
                && site(finding).contains("LeakyService." + method + "("));
  }

  private static boolean is(JsonObject finding, String key, String value) {
    return value.equals(finding.getString(key));
  }

  private static String site(JsonObject finding) {
    return finding.getJsonObject("site").getJsonArray("java").stream()
        .map(Object::toString)
        .collect(Collectors.joining("\n"));
  }
}
