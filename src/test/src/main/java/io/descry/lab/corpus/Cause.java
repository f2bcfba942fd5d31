package io.descry.lab.corpus;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * One reason why a program leaks, and what each leak by it holds.
 *
 * @param site class and method whose frame is in the stack of each open, such as {@code
 *     FileLeaks$KeptStream.leak}; {@code null} when a library opens
 * @param library what its maintainers call it; {@code null} when Java code opens
 * @param kinds how many descriptors of each kind one leak opens, in Descry's words
 * @param fate what becomes of them
 */
record Cause(String site, String library, Map<String, Integer> kinds, Fate fate) {

  /** What becomes of descriptors that are not closed. */
  enum Fate {
    /** They stay open. */
    OPEN,
    /** The garbage collector closes them. */
    COLLECTED,
    /**
     * They stay open only because something else leaks: to report them is neither right nor wrong.
     */
    CONSEQUENCE,
    /** Somebody else has closed them: a bug, but no leak. */
    HAZARD
  }

  Cause {
    if ((site == null) == (library == null)) {
      throw new IllegalArgumentException("either a site or a library");
    }
    // In order, so that two tables can be compared.
    kinds = Collections.unmodifiableMap(new TreeMap<>(kinds));
  }

  /** Java code at this site opens these, and they stay open. */
  static Cause java(String site, Map<String, Integer> kinds) {
    return new Cause(site, null, kinds, Fate.OPEN);
  }

  /** Java code at this site opens one of this kind, and it stays open. */
  static Cause java(String site, String kind) {
    return java(site, Map.of(kind, 1));
  }

  /** The native code of this library opens these, and they stay open. */
  static Cause library(String library, Map<String, Integer> kinds) {
    return new Cause(null, library, kinds, Fate.OPEN);
  }

  /** The same, with another fate. */
  Cause that(Fate other) {
    return new Cause(site, library, kinds, other);
  }

  /** Whether so many of its kinds are open at the end for each leak. */
  boolean staysOpen() {
    return fate == Fate.OPEN || fate == Fate.CONSEQUENCE;
  }

  /** Whether Descry is to find it. */
  boolean wanted() {
    return fate != Fate.CONSEQUENCE;
  }

  int perLeak() {
    return kinds.values().stream().mapToInt(Integer::intValue).sum();
  }

  Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("site", site);
    map.put("library", library);
    map.put("kinds", kinds);
    map.put("fate", fate);
    return map;
  }

  static Cause of(JsonObject json) {
    Map<String, Integer> kinds = new LinkedHashMap<>();
    JsonObject counts = json.getJsonObject("kinds");
    counts.fieldNames().forEach(kind -> kinds.put(kind, counts.getInteger(kind)));
    return new Cause(
        json.getString("site"),
        json.getString("library"),
        kinds,
        Fate.valueOf(json.getString("fate")));
  }

  /** Whether a finding blames whom this cause blames. */
  boolean blamedBy(String owner, String name, JsonArray javaSite) {
    if (library != null) {
      return owner.equals("library") && name != null && name.contains(library);
    }
    return owner.equals("java")
        && javaSite.stream().anyMatch(frame -> frame.toString().contains("." + site + "("));
  }

  @Override
  public String toString() {
    return kinds + (site != null ? " at " + site : " by " + library) + suffix();
  }

  private String suffix() {
    return switch (fate) {
      case OPEN -> "";
      case COLLECTED -> ", closed by the collector";
      case CONSEQUENCE -> ", as a consequence";
      case HAZARD -> ", hazard";
    };
  }
}
