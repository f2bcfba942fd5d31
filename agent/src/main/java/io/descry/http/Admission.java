package io.descry.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who may ask: clients that name this server by an address or a name of its own, no page of another
 * origin, and, where there is a token, only who has it. Safe for several threads.
 *
 * <p>A page whose name its owner lets resolve to this machine (DNS rebinding) is of the same origin
 * to the browser, and is told by the name that stands in {@code Host}. An IP address there cannot
 * be rebound.
 */
public final class Admission {
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]+]");
  private static final String BEARER = "bearer ";
  private static final int RANDOM_BYTES = 32;
  private static final int LIFE_SECONDS = 12 * 60 * 60;

  private final Set<String> names;
  private final byte[] token;
  private final String cookieName;
  private final String session;

  /**
   * Admits.
   *
   * @param names by which clients may call this server, beside {@code localhost} and IP addresses;
   *     in lower case
   * @param token what clients must have; {@code null}: nothing
   */
  public Admission(Set<String> names, String token) {
    this.names = Set.copyOf(names);
    this.token = token == null ? null : token.getBytes(StandardCharsets.UTF_8);
    SecureRandom random = new SecureRandom();
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    session = HexFormat.of().formatHex(bytes);
    // Browsers give a host's cookies to all of its ports: two processes must not share a name.
    cookieName = "descry-" + HexFormat.of().toHexDigits(random.nextInt());
  }

  /** Whether the name by which the client calls this server is one of its own. */
  public boolean isForUs(WebRequest request) {
    String host = name(request.header("Host"));
    return host != null
        && (host.equals("localhost")
            || IPV4.matcher(host).matches()
            || IPV6.matcher(host).matches()
            || names.contains(host));
  }

  /**
   * Whether a page of another origin is behind it. Browsers say where a request comes from in
   * {@code Origin}, of every POST at least, and in {@code Sec-Fetch-Site}; what is no browser says
   * nothing. A link from elsewhere may be followed.
   */
  public boolean isFromElsewhere(WebRequest request) {
    String origin = request.header("Origin");
    if (origin != null) {
      int authority = origin.indexOf("://");
      String from = authority < 0 ? origin : origin.substring(authority + 3);
      if (!from.equalsIgnoreCase(request.header("Host"))) {
        return true;
      }
    }
    String site = request.header("Sec-Fetch-Site");
    boolean followed =
        request.method().equals("GET") && "navigate".equals(request.header("Sec-Fetch-Mode"));
    return site != null && !site.equals("same-origin") && !site.equals("none") && !followed;
  }

  /** Whether nothing is asked for, or the client has it: as a bearer token, or by its cookie. */
  public boolean isKnown(WebRequest request) {
    if (token == null) {
      return true;
    }
    String given = request.header("Authorization");
    if (given != null && given.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      return isToken(given.substring(BEARER.length()).strip());
    }
    String cookies = request.header("Cookie");
    if (cookies != null) {
      for (String cookie : cookies.split("[;,]")) {
        if (cookie.strip().startsWith(cookieName + "=")) {
          return equal(
              cookie.strip().substring(cookieName.length() + 1),
              session.getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    return false;
  }

  /** Whether this is the token; in the same time, whatever it is. */
  public boolean isToken(String text) {
    return token != null && text != null && equal(text, token);
  }

  /** A cookie by which a browser is known from now on, for this process and half a day. */
  public String cookie() {
    return cookieName
        + "="
        + session
        + "; Path=/; Max-Age="
        + LIFE_SECONDS
        + "; HttpOnly; SameSite=Strict";
  }

  private static boolean equal(String text, byte[] expected) {
    return MessageDigest.isEqual(text.getBytes(StandardCharsets.UTF_8), expected);
  }

  /** The host without port and final dot; {@code null} when there is none. */
  private static String name(String host) {
    if (host == null) {
      return null;
    }
    String name = host.toLowerCase(Locale.ROOT).replaceFirst(":\\d{0,5}$", "");
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
