package io.descry.agent;

import io.descry.detect.Thresholds;
import io.descry.http.ListenAddress;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/**
 * What the operator asked for.
 *
 * @param report base path of the reports, {@code %p} and {@code %t} unexpanded; {@code null}: none
 * @param formats in which forms reports are written
 * @param interval time between scans
 * @param metrics where the scrape endpoint listens; {@code null}: off
 * @param stacks which opens keep their stack
 * @param exact whether the ledger is there from the application's first line on, not only a moment
 *     later
 * @param nativeTracer whether the native tracer may be loaded
 * @param allDescriptors whether every group lists its descriptors
 * @param dump base path of a report on demand; {@code null}: none asked for
 * @param follow base path of the reports that {@link Followers} writes; {@code null}: none asked
 *     for
 * @param collect whether a full garbage collection runs before each report
 * @param thresholds from where on the rules speak
 * @param log file of Descry's own log; {@code null}: none
 * @param modules jars with owner modules, joined by {@code +}; {@code null}: only those of Descry
 * @param outlets texts of the options of {@link Outlets}, by key: read when these are made, which
 *     is off the start path
 */
record Options(
    String report,
    Set<Format> formats,
    Duration interval,
    ListenAddress metrics,
    Stacks stacks,
    boolean exact,
    boolean nativeTracer,
    boolean allDescriptors,
    String dump,
    String follow,
    boolean collect,
    Thresholds thresholds,
    String log,
    String modules,
    Map<String, String> outlets) {

  /** Which opens keep their stack; the ledger's own enum is not there in the command line's JVM. */
  enum Stacks {
    NONE,
    BUDGET,
    ALL
  }

  /** A form of report. */
  enum Format {
    TEXT,
    JSON,
    HTML,
    /** One Markdown file for each finding of a library. */
    UPSTREAM
  }

  private static final List<String> KEYS =
      List.of(
          "config",
          "detail",
          "dump",
          "follow",
          "formats",
          "gc",
          "interval",
          "log",
          "metrics",
          "modules",
          "native",
          "report",
          "stacks",
          "start",
          "threshold.halfmade",
          "threshold.loops",
          "threshold.outliers",
          "threshold.peergone",
          "threshold.pool",
          "threshold.unused");

  private static final String PREFIX = "descry.";
  private static final String ENVIRONMENT_PREFIX = "DESCRY_";

  /** Of the variables that another Descry gives the command that it runs on an alert. */
  private static final String ALERTED_PREFIX = "DESCRY_ALERTED_";

  private static final Duration SHORTEST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final long LARGEST_FILE = 1_000_000;

  /**
   * Reads the options from the agent's argument, the system properties, the environment and the
   * file that {@code config} names; the nearest wins, in that order.
   *
   * <p>On the start path: no lambda and no regular expression, whose first use takes milliseconds.
   *
   * @param problems gets one line for each option that cannot be used; defaults take its place
   */
  static Options read(
      String argument,
      Properties properties,
      Map<String, String> environment,
      List<String> problems) {
    Map<String, String> near = new LinkedHashMap<>();
    putEnvironment(environment, near, problems);
    putProperties(properties, near, problems);
    putArgument(argument, near, problems);
    Map<String, String> all = new LinkedHashMap<>();
    if (near.containsKey("config")) {
      putFile(near.get("config"), all, problems);
    }
    all.putAll(near);
    return new Reading(all, problems).options();
  }

  /** Whether an argument gives this key a value. */
  static boolean gives(String argument, String key) {
    for (String pair : argument.split(",")) {
      if (pair.strip().startsWith(key + "=")) {
        return true;
      }
    }
    return false;
  }

  private static void putArgument(
      String argument, Map<String, String> into, List<String> problems) {
    for (String pair : argument.split(",")) {
      if (pair.isBlank()) {
        continue;
      }
      int equals = pair.indexOf('=');
      if (equals < 0) {
        problems.add("option '" + pair + "' has no value; write " + pair.strip() + "=VALUE");
      } else {
        put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip(), into, problems);
      }
    }
  }

  private static void putProperties(
      Properties properties, Map<String, String> into, List<String> problems) {
    for (String name : properties.stringPropertyNames()) {
      String key = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : "";
      // Descry's libraries read settings of their own under such names, see the packaging.
      boolean ours =
          key.indexOf('.') < 0 || key.startsWith("threshold.") || OutletKeys.ALL.contains(key);
      if (!key.isEmpty() && ours) {
        put(key, properties.getProperty(name), into, problems);
      }
    }
  }

  private static void putEnvironment(
      Map<String, String> environment, Map<String, String> into, List<String> problems) {
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      if (variable.getKey().startsWith(ENVIRONMENT_PREFIX)
          && !variable.getKey().startsWith(ALERTED_PREFIX)) {
        String key = variable.getKey().substring(ENVIRONMENT_PREFIX.length());
        put(key.toLowerCase(Locale.ROOT).replace('_', '.'), variable.getValue(), into, problems);
      }
    }
  }

  private static void putFile(String file, Map<String, String> into, List<String> problems) {
    Properties properties = new Properties();
    try {
      Path path = Path.of(file);
      if (!Files.isRegularFile(path) || Files.size(path) > LARGEST_FILE) {
        throw new IOException("no file, or larger than " + LARGEST_FILE + " bytes");
      }
      try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
        properties.load(reader);
      }
    } catch (IOException | IllegalArgumentException e) {
      problems.add("option config=" + file + " cannot be read (" + e + "); going on without");
      return;
    }
    for (String name : properties.stringPropertyNames()) {
      String key = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
      put(key, properties.getProperty(name), into, problems);
    }
  }

  private static void put(
      String key, String value, Map<String, String> into, List<String> problems) {
    if (KEYS.contains(key) || OutletKeys.ALL.contains(key)) {
      into.put(key, value.strip());
    } else {
      problems.add(
          "there is no option '"
              + key
              + "'; it is ignored. Options: "
              + String.join(", ", KEYS)
              + ", "
              + String.join(", ", OutletKeys.ALL));
    }
  }

  /** Reads {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h}; throws when it is none of these. */
  static Duration duration(String text) {
    int unit = text.length();
    while (unit > 0 && text.charAt(unit - 1) >= 'a' && text.charAt(unit - 1) <= 'z') {
      unit--;
    }
    long amount = Long.parseLong(text.substring(0, unit));
    return switch (text.substring(unit)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> throw new IllegalArgumentException(text);
    };
  }

  /** Turns texts into values, and bad texts into problems and defaults. */
  private record Reading(Map<String, String> texts, List<String> problems) {
    Options options() {
      String report = (String) read("report", "a path that this system can have", "descry-%p");
      return new Options(
          report.equals("none") || report.isEmpty() ? null : report,
          formats(),
          interval(),
          endpoint(),
          (Stacks) read("stacks", "all, budget or none", "budget"),
          (Boolean) read("start", "exact or later", "exact"),
          (Boolean) read("native", "auto or off", "auto"),
          (Boolean) read("detail", "all or findings", "findings"),
          texts.get("dump"),
          texts.get("follow"),
          (Boolean) read("gc", "report or never", "never"),
          thresholds(),
          texts.get("log"),
          texts.get("modules"),
          outlets());
    }

    /** The value of a text; throws when the option cannot have it. */
    private static Object value(String key, String text) {
      return switch (key) {
        case "report" -> text.isEmpty() ? text : Path.of(text).toString();
        case "formats" -> formats(text);
        case "interval" -> duration(text);
        case "stacks" -> Stacks.valueOf(text.toUpperCase(Locale.ROOT));
        case "start" -> isFirst(text, "exact", "later");
        case "native" -> isFirst(text, "auto", "off");
        case "detail" -> isFirst(text, "all", "findings");
        case "gc" -> isFirst(text, "report", "never");
        case "threshold.peergone", "threshold.halfmade" -> wait(text);
        default -> positive(text);
      };
    }

    private Object read(String key, String allowed, String usual) {
      String text = texts.get(key);
      if (text != null) {
        try {
          return value(key, text);
        } catch (RuntimeException e) {
          problems.add("option " + key + "=" + text + " is not " + allowed + "; using " + usual);
        }
      }
      return value(key, usual);
    }

    @SuppressWarnings("unchecked")
    private Set<Format> formats() {
      return (Set<Format>)
          read("formats", "a list of text, json, html and upstream, joined by +", "text");
    }

    private Thresholds thresholds() {
      return new Thresholds(
          count("threshold.pool", Thresholds.DEFAULT.pool()),
          count("threshold.loops", Thresholds.DEFAULT.loops()),
          count("threshold.outliers", Thresholds.DEFAULT.outliers()),
          count("threshold.unused", Thresholds.DEFAULT.unused()),
          time("threshold.peergone", Thresholds.DEFAULT.peerGone()),
          time("threshold.halfmade", Thresholds.DEFAULT.halfMade()));
    }

    private Map<String, String> outlets() {
      Map<String, String> theirs = new LinkedHashMap<>();
      for (String key : OutletKeys.ALL) {
        if (texts.containsKey(key)) {
          theirs.put(key, texts.get(key));
        }
      }
      return theirs;
    }

    private int count(String key, int usual) {
      return (Integer) read(key, "a whole number above 0", Integer.toString(usual));
    }

    private Duration time(String key, Duration usual) {
      return (Duration) read(key, "a duration such as 5s or 2m", usual.toSeconds() + "s");
    }

    private static Duration wait(String text) {
      Duration duration = duration(text);
      if (duration.isNegative()) {
        throw new IllegalArgumentException(text);
      }
      return duration;
    }

    private static int positive(String text) {
      int number = Integer.parseInt(text);
      if (number < 1) {
        throw new IllegalArgumentException(text);
      }
      return number;
    }

    private Duration interval() {
      Duration interval = (Duration) read("interval", "a duration such as 500ms, 30s or 5m", "30s");
      if (interval.compareTo(SHORTEST) < 0) {
        problems.add(
            "option interval=" + texts.get("interval") + " is less than 500ms; using 500ms");
        return SHORTEST;
      }
      if (interval.compareTo(LONGEST) > 0) {
        problems.add("option interval=" + texts.get("interval") + " is more than 24h; using 24h");
        return LONGEST;
      }
      return interval;
    }

    private ListenAddress endpoint() {
      String text = texts.get("metrics");
      if (text == null || text.isEmpty() || text.equals("off")) {
        return null;
      }
      try {
        return ListenAddress.parse(text);
      } catch (IllegalArgumentException e) {
        problems.add("option metrics: " + e.getMessage() + "; metrics stay off");
        return null;
      }
    }

    private static Boolean isFirst(String text, String first, String second) {
      if (text.equals(first) || text.equals(second)) {
        return text.equals(first);
      }
      throw new IllegalArgumentException(text);
    }

    private static Set<Format> formats(String text) {
      Set<Format> formats = EnumSet.noneOf(Format.class);
      for (String name : text.split("\\+")) {
        formats.add(Format.valueOf(name.strip().toUpperCase(Locale.ROOT)));
      }
      return formats;
    }
  }
}
