package io.descry.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandActionTest {
  private static final String HOSTILE = "$(touch pwned)`touch pwned`; touch pwned #' \" -rf %r\n";

  @TempDir Path directory;

  private Path script(String... lines) throws IOException {
    Path script = directory.resolve("script");
    Files.write(script, List.of("#!/bin/sh", "cd " + directory, String.join("\n", lines)));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script;
  }

  private static CommandAction command(String... words) {
    return new CommandAction(List.of(words), 4711);
  }

  private static Alert reported(String library, Path report) {
    return Samples.alert(library).with(report);
  }

  @Test
  void argumentsAreFilledInWithoutAShell() throws Exception {
    Path script = script("printf '%s|' \"$0\" \"$@\" > args", "echo said; echo said >&2");
    Path report = directory.resolve("a %p $(touch pwned) report.txt");
    command(script.toString(), "--pid=%p", "%r", "", "%a", "100%%", "%x;$HOME *")
        .alert(reported(HOSTILE, report));

    assertThat(Files.readString(directory.resolve("args")))
        .isEqualTo(script + "|--pid=4711|" + report + "||finding-growth-3|100%|%x;$HOME *|");
    assertThat(directory.resolve("pwned")).doesNotExist();
  }

  @Test
  void hostileNamesAreDataInTheEnvironment() throws Exception {
    Path script = script("env -0 | grep -z '^DESCRY_' | sort -z | tr '\\0' '\\n' > env");
    command(script.toString()).alert(reported(HOSTILE, directory.resolve("r.txt")));

    assertThat(Files.readAllLines(directory.resolve("env")))
        .containsExactly(
            "DESCRY_ALERTED_GROWTH=12.3",
            "DESCRY_ALERTED_KIND=finding",
            "DESCRY_ALERTED_LIMIT=1000",
            "DESCRY_ALERTED_NAME=finding-growth-3",
            "DESCRY_ALERTED_OPEN=840",
            "DESCRY_ALERTED_PID=4711",
            "DESCRY_ALERTED_REPORT=" + directory.resolve("r.txt"),
            "DESCRY_ALERTED_TEXT=probable leak, 7 eventfd, library "
                + HOSTILE.replace("\n", "\\n")
                + ": "
                + HOSTILE.replace("\n", "\\n")
                + " adds up");
    assertThat(directory.resolve("pwned")).doesNotExist();
  }

  @Test
  void itsInputIsEmptyAndWithoutReportThePathIs() throws Exception {
    Path script = script("cat > input", "printf '%s' \"[$1]\" > args");
    command(script.toString(), "%r").alert(Samples.alert("libuv"));
    assertThat(directory.resolve("input")).isEmptyFile();
    assertThat(directory.resolve("args")).hasContent("[]");
  }

  @Test
  void whatClearsRunsNothing() throws Exception {
    Path script = script("touch ran");
    Alert alert = Samples.alert("libuv");
    command(script.toString())
        .alert(
            new Alert(alert.name(), alert.kind(), false, "over", alert.figures(), List.of(), null));
    assertThat(directory.resolve("ran")).doesNotExist();
  }

  @Test
  void whatTakesTooLongIsKilledWithWhatItStarted() throws Exception {
    Path script = script("sleep 300 & echo $! > child", "echo $$ > self", "wait");
    CommandAction action =
        new CommandAction(List.of(script.toString()), 4711, Duration.ofMillis(1500));
    assertThatThrownBy(() -> action.alert(Samples.alert("libuv")))
        .isInstanceOf(IOException.class)
        .hasMessage("the command is killed, as it took longer than 1 s");
    for (String name : List.of("self", "child")) {
      long pid = Long.parseLong(Files.readString(directory.resolve(name)).strip());
      await().until(() -> !isRunning(pid));
    }
  }

  /** What was killed may stay as a zombie where nobody reaps orphans. */
  private static boolean isRunning(long pid) throws IOException {
    Path stat = Path.of("/proc/" + pid + "/stat");
    try {
      return !Files.readString(stat).replaceAll("(?s).*\\) ", "").startsWith("Z");
    } catch (java.nio.file.NoSuchFileException e) {
      return false;
    }
  }

  @Test
  void failuresAreSaid() throws Exception {
    assertThatThrownBy(
            () -> command(directory.resolve("none").toString()).alert(Samples.alert("libuv")))
        .hasMessageContaining("cannot be started")
        .hasMessageContaining("No such file");
    Path script = script("exit 3");
    assertThatThrownBy(() -> command(script.toString()).alert(Samples.alert("libuv")))
        .hasMessage("the command ended with status 3");
  }

  @Test
  void thereIsABoundPerHour() throws Exception {
    Path script = script("echo x >> count");
    CommandAction action = command(script.toString());
    for (int i = 0; i < CommandAction.PER_HOUR + 3; i++) {
      action.alert(Samples.alert("libuv"));
    }
    assertThat(Files.readAllLines(directory.resolve("count"))).hasSize(CommandAction.PER_HOUR);
  }
}
