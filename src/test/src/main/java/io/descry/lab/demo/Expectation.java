package io.descry.lab.demo;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A finding that the demo's report must have.
 *
 * @param leak what it is about, in words
 * @param holds whether a finding of the JSON report is this one
 */
record Expectation(String leak, Predicate<JsonObject> holds) {
  private static final Set<String> LOOP = new TreeSet<>(Set.of("eventpoll", "eventfd", "timerfd"));
  private static final Set<String> NATIVE = Set.of("foreign", "library");

  /** Everything that {@link LeakyService} leaks. */
  static final List<Expectation> ALL =
      List.of(
          eventLoops("exportWithItsOwnEventLoop"),
          byJava("peer-gone", "socket.tcp", "fetchQuote"),
          byJava("closed-by-collector", "file", "appendToAuditLog"));

  /** One finding for all that a loop holds. */
  private static Expectation eventLoops(String method) {
    return new Expectation(
        "empty-loop of %s, opened by native code for LeakyService.%s".formatted(LOOP, method),
        finding ->
            is(finding, "rule", "empty-loop")
                && NATIVE.contains(finding.getString("owner"))
                && kinds(finding).equals(LOOP)
                && site(finding).contains("LeakyService." + method + "("));
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

  private static Set<String> kinds(JsonObject finding) {
    return finding.getJsonArray("descriptors").stream()
        .map(JsonObject.class::cast)
        .map(descriptor -> descriptor.getString("kind"))
        .collect(Collectors.toCollection(TreeSet::new));
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
