package io.descry.live;

import io.descry.alert.Unhealthy;
import io.descry.http.ListenAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * How the live page is served.
 *
 * @param address where
 * @param token what clients must have; {@code null}: nothing
 * @param names by which clients may call this server, beside {@code localhost} and IP addresses; in
 *     lower case
 * @param unhealthy when {@code /health} says 503
 */
public record LiveSettings(
    ListenAddress address, String token, Set<String> names, Unhealthy unhealthy) {
  private static final String KEY = "http";
  private static final Pattern TOKEN = Pattern.compile("[!-~]{16,256}");
  private static final Pattern NAME = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)*");

  public LiveSettings {
    names = Set.copyOf(names);
  }

  /** Whether the options ask for the page. */
  public static boolean isAsked(Map<String, String> texts) {
    String text = texts.getOrDefault(KEY, "");
    return !text.isEmpty() && !text.equals("off");
  }

  /**
   * Reads them.
   *
   * @param texts the options that were given, by key
   * @param durations reads a duration; throws when it is none
   * @param problems gets one line for each that cannot be used; no token stands in it
   * @return {@code null} when nothing can be served, or may be
   */
  public static LiveSettings read(
      Map<String, String> texts, Function<String, Duration> durations, List<String> problems) {
    ListenAddress address = address(texts.get(KEY), problems);
    String token = texts.get("http.token");
    if (address == null) {
      return null;
    }
    if (token != null && !TOKEN.matcher(token).matches()) {
      problems.add(
          "option http.token is not 16 to 256 characters of ASCII without blanks, such as `openssl"
              + " rand -hex 16` prints; the page is off");
      return null;
    }
    if (token == null && !isLoopback(address)) {
      problems.add(
          "option http="
              + address
              + " can be reached from other machines, which needs http.token, 16 characters or"
              + " more; the page is off");
      return null;
    }
    return new LiveSettings(
        address,
        token,
        names(address, texts.getOrDefault("http.hosts", ""), problems),
        Unhealthy.read(texts.getOrDefault("http.unhealthy", ""), durations, problems));
  }

  private static ListenAddress address(String text, List<String> problems) {
    try {
      return ListenAddress.parse(text);
    } catch (IllegalArgumentException e) {
      problems.add("option http: " + e.getMessage() + "; the page is off");
      return null;
    }
  }

  private static boolean isLoopback(ListenAddress address) {
    try {
      return address.resolve().isLoopbackAddress();
    } catch (UnknownHostException e) {
      // Whoever listens there says it better.
      return true;
    }
  }

  private static Set<String> names(ListenAddress address, String text, List<String> problems) {
    Set<String> names = new HashSet<>();
    if (address.host() != null) {
      names.add(address.host().toLowerCase(Locale.ROOT));
    }
    for (String one : text.split("\\+")) {
      String name = one.strip().toLowerCase(Locale.ROOT);
      if (NAME.matcher(name).matches()) {
        names.add(name);
      } else if (!name.isEmpty()) {
        problems.add(
            "option http.hosts: '"
                + one.strip()
                + "' is not the name of a host, such as orders.example.com; it is left out");
      }
    }
    return names;
  }
}
