package io.descry.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A headless Chromium with one page, spoken to by its DevTools protocol. What the page complains
 * of, and what it asks the network for, is kept.
 */
final class Browser implements AutoCloseable, WebSocket.Listener {
  private static final Path PROGRAM = Path.of("/usr/bin/chromium");
  private static final int PATIENCE_SECONDS = 60;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final WebSocket socket;
  private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final Map<String, String> requests = new ConcurrentHashMap<>();
  private final StringBuilder message = new StringBuilder();
  private volatile boolean loaded;
  private int last;

  /**
   * Starts it.
   *
   * @param profile an empty directory
   */
  Browser(Path profile) throws IOException {
    process =
        new ProcessBuilder(
                PROGRAM.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("output").toFile())
            .start();
    Path port = profile.resolve("DevToolsActivePort");
    Awaitility.await().atMost(Duration.ofSeconds(PATIENCE_SECONDS)).until(() -> Files.exists(port));
    Awaitility.await().until(() -> Files.readAllLines(port).size() > 1);
    URI list = URI.create("http://127.0.0.1:" + Files.readAllLines(port).get(0) + "/json/list");
    HttpClient client = HttpClient.newHttpClient();
    JsonNode pages = JSON.readTree(get(client, list));
    socket =
        client
            .newWebSocketBuilder()
            .buildAsync(URI.create(pages.at("/0/webSocketDebuggerUrl").asText()), this)
            .join();
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      ask(domain + ".enable", Map.of());
    }
  }

  /** Whether it is on this machine; on CI it must be. */
  static boolean isHere() {
    return "true".equals(System.getenv("CI")) || Files.isExecutable(PROGRAM);
  }

  /** Opens a file and waits until it is loaded; forgets what was complained of before. */
  void open(Path file) {
    open(file.toUri());
  }

  /** Likewise, whatever it is. */
  void open(URI page) {
    complaints.clear();
    requests.clear();
    load(() -> ask("Page.navigate", Map.of("url", page.toString())));
  }

  /** Does what has another page loaded, and waits until it is. */
  void load(Runnable action) {
    loaded = false;
    action.run();
    Awaitility.await().atMost(Duration.ofSeconds(PATIENCE_SECONDS)).until(() -> loaded);
  }

  /** Waits until an expression is true. */
  void await(String expression) {
    Awaitility.await(expression)
        .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
        .until(() -> value(expression).asBoolean());
  }

  /** Forgets what was complained of. */
  void forgetComplaints() {
    complaints.clear();
  }

  /** Keeps what is downloaded from now on. */
  void downloadTo(Path directory) {
    ask(
        "Browser.setDownloadBehavior",
        Map.of("behavior", "allow", "downloadPath", directory.toString()));
  }

  /** The value of an expression, as JSON can have it. */
  JsonNode value(String expression) {
    JsonNode answer =
        ask("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
    if (answer.has("exceptionDetails")) {
      throw new IllegalStateException(expression + ": " + answer.get("exceptionDetails"));
    }
    return answer.at("/result/value");
  }

  String text(String expression) {
    return value(expression).asText();
  }

  /** Errors, warnings, and whatever violates the page's policy. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Addresses of what the page has asked for, and was allowed to, since it was opened. */
  List<String> requests() {
    return List.copyOf(requests.values());
  }

  /** Has the page in light or dark colours. */
  void prefer(String scheme) {
    ask(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Has the page as for this medium, such as {@code print}; empty: as usual. */
  void media(String medium) {
    ask("Emulation.setEmulatedMedia", Map.of("media", medium));
  }

  /** Prints the page; the text of a PDF's bytes, one character each. */
  String paper() {
    byte[] pdf = Base64.getDecoder().decode(ask("Page.printToPDF", Map.of()).get("data").asText());
    return new String(pdf, StandardCharsets.ISO_8859_1);
  }

  /** Lets pages that are opened from now on run no script of their own. */
  void withoutScript(boolean without) {
    ask("Emulation.setScriptExecutionDisabled", Map.of("value", without));
  }

  private JsonNode ask(String method, Map<String, Object> parameters) {
    ObjectNode request = JSON.createObjectNode().put("id", ++last).put("method", method);
    request.set("params", JSON.valueToTree(parameters));
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    asked.put(last, answer);
    socket.sendText(request.toString(), true);
    return answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean whole) {
    message.append(text);
    if (whole) {
      try {
        take(JSON.readTree(message.toString()));
      } catch (IOException e) {
        complaints.add("not JSON: " + message);
      }
      message.setLength(0);
    }
    from.request(1);
    return null;
  }

  private void take(JsonNode told) {
    if (told.has("id")) {
      CompletableFuture<JsonNode> answer = asked.remove(told.get("id").asInt());
      if (told.has("error")) {
        answer.completeExceptionally(new IllegalStateException(told.get("error").toString()));
      } else {
        answer.complete(told.get("result"));
      }
      return;
    }
    switch (told.path("method").asText()) {
      case "Page.loadEventFired" -> loaded = true;
      case "Network.requestWillBeSent" ->
          requests.put(
              told.at("/params/requestId").asText(), told.at("/params/request/url").asText());
      case "Network.loadingFailed" -> {
        // Announced first, and then not sent: the policy forbids it, which is complained of.
        if (told.at("/params/blockedReason").asText().equals("csp")) {
          requests.remove(told.at("/params/requestId").asText());
        }
      }
      case "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded" ->
          complaints.add(told.get("params").toString());
      default -> {
        // Of no interest.
      }
    }
  }

  private static String get(HttpClient client, URI address) throws IOException {
    try {
      return client
          .send(
              HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(20)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
