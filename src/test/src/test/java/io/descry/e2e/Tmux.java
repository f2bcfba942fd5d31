package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** A shell in a terminal of tmux(1), with a server of its own; what is typed, and what it shows. */
final class Tmux implements AutoCloseable {
  private static final String PROMPT = "typed> ";

  private final Path socket;

  /**
   * Starts it.
   *
   * @param directory where the shell is, and the server's socket
   */
  Tmux(Path directory) {
    socket = directory.resolve("tmux");
    tmux(
        "-f",
        "/dev/null",
        "new-session",
        "-d",
        "-x",
        "150",
        "-y",
        "40",
        "-c",
        directory.toString(),
        "env",
        "PS1=" + PROMPT,
        "bash",
        "--norc",
        "--noprofile",
        "-i");
    await(PROMPT.strip());
  }

  /** Types a line. */
  void line(String text) {
    type(text);
    keys("Enter");
  }

  /** Types text, without the end of the line. */
  void type(String text) {
    tmux("send-keys", "-l", text);
  }

  /** Presses keys by their names, such as {@code Enter}, {@code Tab}, {@code C-c}. */
  void keys(String... names) {
    List<String> words = new ArrayList<>(List.of("send-keys"));
    words.addAll(List.of(names));
    tmux(words.toArray(String[]::new));
  }

  /** What it shows now, a line for each row. */
  String screen() {
    return tmux("capture-pane", "-p");
  }

  /** Waits until it shows this. */
  void await(String text) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(300))
        .untilAsserted(() -> assertThat(screen()).contains(text));
  }

  /** Waits until the shell can be typed into, with nothing typed yet. */
  void awaitPrompt() {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(300))
        .untilAsserted(() -> assertThat(screen().strip()).endsWith("\n" + PROMPT.strip()));
  }

  /** Sets the size, as by dragging a window's corner. */
  void resize(int columns, int rows) {
    tmux("resize-window", "-x", Integer.toString(columns), "-y", Integer.toString(rows));
  }

  private String tmux(String... arguments) {
    List<String> command = new ArrayList<>(List.of("tmux", "-S", socket.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().remove("TMUX");
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().remove("JDK_JAVA_OPTIONS");
    try {
      Process process = builder.start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as("%s: %s", command, said).isZero();
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    tmux("kill-server");
  }
}
