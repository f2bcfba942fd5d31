package io.descry.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The answer to one request, after which the connection ends. Nothing of it may be kept, framed,
 * read by pages of other origins, or taken for another type. For use by one thread.
 */
public final class WebResponse {
  private static final Pattern LINE = Pattern.compile("[ -~]*");
  private static final Map<Integer, String> REASONS =
      Map.ofEntries(
          Map.entry(200, "OK"),
          Map.entry(204, "No Content"),
          Map.entry(303, "See Other"),
          Map.entry(400, "Bad Request"),
          Map.entry(401, "Unauthorized"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"),
          Map.entry(411, "Length Required"),
          Map.entry(413, "Content Too Large"),
          Map.entry(421, "Misdirected Request"),
          Map.entry(429, "Too Many Requests"),
          Map.entry(431, "Request Header Fields Too Large"),
          Map.entry(500, "Internal Server Error"),
          Map.entry(503, "Service Unavailable"));

  private final WebConnection connection;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private boolean head;
  private boolean begun;

  WebResponse(WebConnection connection) {
    this.connection = connection;
    header("Cache-Control", "no-store");
    header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    header("Cross-Origin-Opener-Policy", "same-origin");
    header("Cross-Origin-Resource-Policy", "same-origin");
    // Not no-referrer, under which browsers send a form with the Origin null.
    header("Referrer-Policy", "same-origin");
    header("X-Content-Type-Options", "nosniff");
  }

  /** No more than the head is wanted. */
  void headOnly() {
    head = true;
  }

  boolean begun() {
    return begun;
  }

  /**
   * Sets a header.
   *
   * @throws IllegalArgumentException when the value could end it
   */
  public WebResponse header(String name, String value) {
    if (!LINE.matcher(value).matches()) {
      throw new IllegalArgumentException(name + ": not a line of ASCII");
    }
    headers.put(name, value);
    return this;
  }

  /** Answers with a body. */
  public void send(int status, String type, byte[] body) throws IOException {
    header("Content-Type", type);
    header("Content-Length", Integer.toString(body.length));
    begin(status);
    if (!head) {
      connection.output().write(body);
    }
    connection.output().flush();
  }

  /** Answers with a line of plain text. */
  public void say(int status, String text) throws IOException {
    send(status, "text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Answers with a head only. */
  public void send(int status) throws IOException {
    if (status != 204) {
      header("Content-Length", "0");
    }
    begin(status);
    connection.output().flush();
  }

  /** Writes a body of unknown length. */
  @FunctionalInterface
  public interface Body {
    void write(OutputStream out) throws IOException;
  }

  /** Answers 200 with a body of unknown length, which ends with the connection. */
  public void send(String type, Body body) throws IOException {
    header("Content-Type", type);
    begin(200);
    if (!head) {
      body.write(connection.output());
    }
    connection.output().flush();
  }

  /**
   * Answers 200 with a body that may last as long as the client wants it; written through {@code
   * flush}.
   */
  public void stream(String type, Body body) throws IOException {
    connection.stream();
    send(type, body);
  }

  /**
   * Whether the client has left, or says something that nobody asked for. Only once the answer has
   * begun.
   */
  public boolean isClientGone() {
    return connection.isClientGone();
  }

  private void begin(int status) throws IOException {
    begun = true;
    StringBuilder text = new StringBuilder("HTTP/1.1 ").append(status).append(' ');
    text.append(REASONS.getOrDefault(status, "Other")).append("\r\nConnection: close\r\n");
    headers.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    connection.output().write(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
  }
}
