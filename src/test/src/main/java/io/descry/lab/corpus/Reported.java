package io.descry.lab.corpus;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/**
 * A finding as a report or, when it has passed before the report was written, the log tells it.
 *
 * @param library {@code null} when there is none
 * @param site Java frames, innermost first
 * @param kinds of its descriptors, and its own
 * @param passed whether only the log has it, which has neither library nor site
 */
record Reported(
    String id,
    String rule,
    String confidence,
    boolean hazard,
    String owner,
    String library,
    JsonArray site,
    Set<String> kinds,
    int count,
    Instant firstSeen,
    boolean passed) {

  static Reported of(JsonObject finding) {
    JsonObject library = finding.getJsonObject("library");
    Set<String> kinds = new TreeSet<>(Set.of(finding.getString("kind")));
    finding.getJsonArray("descriptors").stream()
        .map(descriptor -> ((JsonObject) descriptor).getString("kind"))
        .forEach(kinds::add);
    return new Reported(
        finding.getString("id"),
        finding.getString("rule"),
        finding.getString("confidence"),
        finding.getBoolean("hazard"),
        finding.getString("owner"),
        library == null ? null : library.getString("name"),
        finding.getJsonObject("site").getJsonArray("java"),
        kinds,
        finding.getInteger("count"),
        Instant.parse(finding.getString("firstSeen")),
        false);
  }

  /** Where it says that it was opened, in a few words. */
  String where() {
    String frame =
        site.stream()
            .map(Object::toString)
            .filter(line -> line.contains("io.descry.lab."))
            .findFirst()
            .map(line -> line.replaceAll(".*io\\.descry\\.lab\\.(?:\\w+\\.)?|\\(.*", ""))
            .orElse("");
    return library == null ? frame : frame.isEmpty() ? library : library + " from " + frame;
  }

  @Override
  public String toString() {
    return "%s %s: %d %s, %s %s%s"
        .formatted(
            confidence,
            id,
            count,
            String.join("+", kinds),
            owner,
            where(),
            passed ? " (passed)" : "")
        .strip();
  }
}
