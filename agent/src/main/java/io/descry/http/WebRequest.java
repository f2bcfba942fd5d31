package io.descry.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request of HTTP/1.1 (RFC 9112), small by rule: what a browser, a scraper or curl sends to a
 * page of Descry, and nothing else.
 *
 * @param method such as {@code GET}
 * @param path from the first slash to the question mark, as it was sent
 * @param query its parameters, decoded; of a name that comes twice the last
 * @param headers by lower-case name; values of one that comes twice are joined by a comma
 * @param body empty when there is none
 */
public record WebRequest(
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body) {
  static final int LONGEST_HEAD = 16 * 1024;
  static final int LONGEST_BODY = 4 * 1024;

  private static final Pattern FIRST_LINE =
      Pattern.compile("([A-Z]{1,20}) (/[!-~&&[^?#]]*)(?:\\?([!-~]*))? HTTP/1\\.[01]");
  private static final Pattern HEADER =
      Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*(|[!-~\\x80-\\xff].*)");
  private static final Pattern LENGTH = Pattern.compile("\\d{1,9}");

  /** What was sent is no such request. The message is for whoever sent it. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1;
    private final int status;

    Refused(int status, String message) {
      super(message);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  /** A header's value; {@code null} when it is not there. */
  public String header(String name) {
    return headers.get(name.toLowerCase(Locale.ROOT));
  }

  /** Fields of a form in the body, as browsers send them. */
  public Map<String, String> form() throws IOException {
    return pairs(new String(body, StandardCharsets.ISO_8859_1));
  }

  /**
   * Reads one.
   *
   * @return {@code null} when the client left without a word
   * @throws Refused when what comes is no such request
   * @throws IOException what the stream throws
   */
  static WebRequest read(InputStream in) throws IOException {
    String head = head(in);
    if (head == null) {
      return null;
    }
    String[] lines = head.split("\\r?\\n");
    Matcher first = FIRST_LINE.matcher(lines[0]);
    if (!first.matches()) {
      throw new Refused(400, "not a request of HTTP/1.1");
    }
    Map<String, String> headers = headers(lines);
    String query = first.group(3);
    return new WebRequest(
        first.group(1),
        first.group(2),
        query == null ? Map.of() : pairs(query),
        headers,
        body(in, headers));
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream(1024);
    int inLine = 0;
    while (true) {
      int one = in.read();
      if (one < 0) {
        if (head.size() == 0) {
          return null;
        }
        throw new Refused(400, "half a request");
      }
      if (one == '\n' && inLine == 0) {
        // Less the end of the line that ends it.
        return head.toString(StandardCharsets.ISO_8859_1).stripTrailing();
      }
      if (head.size() == LONGEST_HEAD) {
        throw new Refused(431, "the head is longer than " + LONGEST_HEAD + " bytes");
      }
      head.write(one);
      inLine = one == '\n' ? 0 : one == '\r' ? inLine : inLine + 1;
    }
  }

  private static Map<String, String> headers(String[] lines) throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (int i = 1; i < lines.length; i++) {
      Matcher header = HEADER.matcher(lines[i]);
      if (!header.matches()) {
        throw new Refused(400, "a header line that is none");
      }
      String name = header.group(1).toLowerCase(Locale.ROOT);
      String earlier = headers.get(name);
      if (earlier != null && (name.equals("host") || name.equals("content-length"))) {
        throw new Refused(400, "more than one header " + name);
      }
      String value = header.group(2).strip();
      headers.put(name, earlier == null ? value : earlier + ", " + value);
    }
    return Map.copyOf(headers);
  }

  private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
    if (headers.containsKey("transfer-encoding")) {
      throw new Refused(411, "a body needs a Content-Length here");
    }
    String length = headers.getOrDefault("content-length", "0");
    if (!LENGTH.matcher(length).matches()) {
      throw new Refused(400, "the Content-Length is no number");
    }
    int wanted = Integer.parseInt(length);
    if (wanted > LONGEST_BODY) {
      throw new Refused(413, "the body is longer than " + LONGEST_BODY + " bytes");
    }
    byte[] body = in.readNBytes(wanted);
    if (body.length < wanted) {
      throw new Refused(400, "half a body");
    }
    return body;
  }

  private static Map<String, String> pairs(String text) throws IOException {
    Map<String, String> pairs = new HashMap<>();
    try {
      for (String pair : text.split("&")) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        pairs.put(
            URLDecoder.decode(name, StandardCharsets.UTF_8),
            URLDecoder.decode(value, StandardCharsets.UTF_8));
      }
    } catch (IllegalArgumentException e) {
      throw new Refused(400, "a % that escapes nothing");
    }
    return Map.copyOf(pairs);
  }
}
