package io.descry.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an endpoint listens.
 *
 * @param host name or address; {@code null} for loopback
 * @param port port, 0 to have one picked
 */
public record ListenAddress(String host, int port) {
  private static final int LAST_PORT = 65_535;
  private static final Pattern SYNTAX =
      Pattern.compile(
          "(?:(?<name>[^:\\[\\]\\s/]+):|\\[(?<v6>[0-9a-fA-F:.%\\w]+)]:)?(?<port>\\d{1,5})");

  /**
   * Reads {@code [host:]port}; an IPv6 address stands in brackets.
   *
   * @throws IllegalArgumentException when it is not of that form, with a message for an operator
   */
  public static ListenAddress parse(String text) {
    Matcher matcher = SYNTAX.matcher(text.strip());
    if (!matcher.matches() || Integer.parseInt(matcher.group("port")) > LAST_PORT) {
      throw new IllegalArgumentException(
          "'" + text + "' is no [host:]port, such as 9404, 0.0.0.0:9404 or [::1]:9404");
    }
    String host = matcher.group("v6") == null ? matcher.group("name") : matcher.group("v6");
    return new ListenAddress(host, Integer.parseInt(matcher.group("port")));
  }

  /**
   * The address to listen on.
   *
   * @throws UnknownHostException when nobody knows the host
   */
  public InetAddress resolve() throws UnknownHostException {
    // Unlike getByName(null), this is loopback under every stack preference.
    return host == null ? InetAddress.getLoopbackAddress() : InetAddress.getByName(host);
  }

  /** As {@link #parse} reads it, loopback named. */
  @Override
  public String toString() {
    String shown = host == null ? "localhost" : host;
    return (shown.contains(":") ? "[" + shown + "]" : shown) + ":" + port;
  }
}
