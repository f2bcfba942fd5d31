package io.descry.os;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

/** Writes socket addresses as reports show them. */
public final class Addresses {
  private Addresses() {}

  /**
   * {@code 127.0.0.1:8080} or {@code [::1]:8080}; an IPv4 address mapped into IPv6 is written as
   * IPv4. Empty when both address and port are zero: the socket is not bound.
   *
   * @param address 4 or 16 bytes in network order
   */
  public static String inet(byte[] address, int port) {
    if (port == 0 && allZero(address)) {
      return "";
    }
    InetAddress parsed;
    try {
      parsed = InetAddress.getByAddress(address); // asks no name service
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("address of " + address.length + " bytes", e);
    }
    String text = parsed.getHostAddress();
    return parsed.getAddress().length == 4 ? text + ":" + port : "[" + shorten(text) + "]:" + port;
  }

  /** A path; {@code @name} for one in the abstract name space, NULs as {@code @} as ss does. */
  public static String unix(byte[] path) {
    if (path.length == 0) {
      return "";
    }
    if (path[0] == 0) {
      return new String(path, StandardCharsets.UTF_8).replace('\0', '@');
    }
    int end = 0;
    while (end < path.length && path[end] != 0) {
      end++;
    }
    return new String(path, 0, end, StandardCharsets.UTF_8);
  }

  private static boolean allZero(byte[] bytes) {
    for (byte b : bytes) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** Replaces the longest run of zero groups by {@code ::} (RFC 5952). */
  private static String shorten(String text) {
    String[] groups = text.split(":");
    int bestStart = -1;
    int bestLength = 1;
    for (int i = 0; i < groups.length; i++) {
      int length = 0;
      while (i + length < groups.length && groups[i + length].equals("0")) {
        length++;
      }
      if (length > bestLength) {
        bestStart = i;
        bestLength = length;
      }
    }
    if (bestStart < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < groups.length; i++) {
      if (i == bestStart) {
        out.append("::");
        i += bestLength - 1;
      } else {
        boolean separated = out.isEmpty() || out.charAt(out.length() - 1) == ':';
        out.append(separated ? "" : ":").append(groups[i]);
      }
    }
    return out.toString();
  }
}
