package io.descry.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;

/**
 * What every page is made of: its frame, its style, its script. They are read once, for at the
 * moment of a report there may be no descriptor and no memory left to read them by.
 *
 * @param pieces the frame, cut at its slots: text, name of a slot, text, and so on, text last
 * @param style the style sheet
 * @param script the script; the page is whole without it
 * @param policy the content security policy under which these two, and nothing else, are obeyed
 */
record PageAssets(List<String> pieces, String style, String script, String policy) {
  private static final String SLOT = "@@";

  PageAssets {
    pieces = List.copyOf(pieces);
  }

  /**
   * Reads them.
   *
   * @throws UncheckedIOException when they cannot be read
   */
  static PageAssets read() {
    String style = resource("page.css");
    String script = resource("page.js");
    return of("page.html", style, script, "; base-uri 'none'; form-action 'none'");
  }

  /** Likewise, of the page that a running process feeds, which may ask its own server. */
  static PageAssets readLive() {
    String style = resource("page.css") + resource("live.css");
    String script = resource("page.js") + resource("live.js");
    return of(
        "live.html",
        style,
        script,
        "; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
  }

  /** Likewise, of the page that asks for the token. */
  static PageAssets readLogin() {
    String style = resource("page.css") + resource("live.css");
    return of(
        "login.html", style, "", "; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
  }

  private static PageAssets of(String frame, String style, String script, String rest) {
    String policy =
        "default-src 'none'; style-src '"
            + hash(style)
            + "'"
            + (script.isEmpty() ? "" : "; script-src '" + hash(script) + "'")
            + rest;
    return new PageAssets(List.of(resource(frame).split(SLOT)), style, script, policy);
  }

  /**
   * Writes a page.
   *
   * @param slots fills a slot that is not style or script
   * @throws IOException what the writer throws
   */
  void write(Writer writer, Consumer<String> slots) throws IOException {
    try {
      for (int i = 0; i < pieces.size(); i++) {
        String piece = pieces.get(i);
        if (i % 2 == 0) {
          writer.write(piece);
        } else if (piece.equals("style")) {
          writer.append("<style>").append(style).append("</style>");
        } else if (piece.equals("script")) {
          writer.append("<script>").append(script).append("</script>");
        } else {
          slots.accept(piece);
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static String resource(String name) {
    try (InputStream in = PageAssets.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("not in the agent jar: " + name);
      }
      // A parser reads line ends as \n, and what it has read is what it hashes.
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As a source expression of CSP: https://www.w3.org/TR/CSP3/#grammardef-hash-source. */
  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      // Every Java platform has it: java.security.MessageDigest says so.
      throw new IllegalStateException(e);
    }
  }
}
