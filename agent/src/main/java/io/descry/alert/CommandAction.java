package io.descry.alert;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a program for each alert that is raised: without a shell, one at a time, with nothing on its
 * standard input and its output discarded, so that no pipe stays open for it. One that takes too
 * long is killed, with what it has started. At most {@value #PER_HOUR} within an hour.
 *
 * <p>In its arguments {@code %p} stands for the process id, {@code %r} for the report's path,
 * {@code %a} for the alert's name and {@code %%} for a percent sign. The rest it learns from its
 * environment, where text from outside is data and never an argument.
 */
public final class CommandAction implements AlertAction {
  static final int PER_HOUR = 20;
  private static final Logger LOG = LoggerFactory.getLogger(CommandAction.class);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final File NOWHERE = new File("/dev/null");
  private static final Pattern PLACEHOLDER = Pattern.compile("%([pra%])");

  /** Options of a Descry that the program may hold: it must not alert because of this alert. */
  private static final String OPTIONS = "DESCRY_ALERT";

  private final List<String> command;
  private final long pid;
  private final Duration patience;
  private final HourlyLimit limit = new HourlyLimit(PER_HOUR);

  /** Runs program and arguments, on behalf of the process of this id. */
  public CommandAction(List<String> command, long pid) {
    this(command, pid, PATIENCE);
  }

  CommandAction(List<String> command, long pid, Duration patience) {
    this.command = List.copyOf(command);
    this.pid = pid;
    this.patience = patience;
  }

  @Override
  public void alert(Alert alert) throws IOException, InterruptedException {
    if (!alert.raised()) {
      return;
    }
    if (!limit.take()) {
      LOG.warn("alert {}: more than {} commands an hour, not run", alert.name(), PER_HOUR);
      return;
    }
    Process process = start(alert);
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(
            "the command is killed, as it took longer than " + patience.toSeconds() + " s");
      }
      if (process.exitValue() != 0) {
        throw new IOException("the command ended with status " + process.exitValue());
      }
    } finally {
      if (process.isAlive()) {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
      }
    }
  }

  private Process start(Alert alert) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(words(alert))
            .redirectInput(Redirect.from(NOWHERE))
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith(OPTIONS));
    environment.putAll(variables(alert));
    try {
      return builder.start();
    } catch (IOException e) {
      throw new IOException(
          "the command cannot be started (at its limit a process lacks the descriptors that this"
              + " takes): "
              + e.getMessage(),
          e);
    }
  }

  /** The command with its placeholders filled in, what is filled in left as it is. */
  List<String> words(Alert alert) {
    List<String> words = new ArrayList<>();
    words.add(command.get(0));
    for (String argument : command.subList(1, command.size())) {
      words.add(
          PLACEHOLDER
              .matcher(argument)
              .replaceAll(found -> Matcher.quoteReplacement(value(found.group(1), alert))));
    }
    return words;
  }

  private String value(String placeholder, Alert alert) {
    return switch (placeholder) {
      case "p" -> Long.toString(pid);
      case "r" -> path(alert);
      case "a" -> alert.name();
      default -> placeholder;
    };
  }

  private Map<String, String> variables(Alert alert) {
    Figures figures = alert.figures();
    return Map.of(
        "DESCRY_ALERTED_NAME",
        alert.name(),
        "DESCRY_ALERTED_KIND",
        alert.kind().label(),
        "DESCRY_ALERTED_TEXT",
        alert.text(),
        "DESCRY_ALERTED_REPORT",
        path(alert),
        "DESCRY_ALERTED_PID",
        Long.toString(pid),
        "DESCRY_ALERTED_OPEN",
        Integer.toString(figures.open()),
        "DESCRY_ALERTED_LIMIT",
        figures.limited() ? Long.toString(figures.limit()) : "",
        "DESCRY_ALERTED_GROWTH",
        String.format(Locale.ROOT, "%.1f", figures.growthPerMinute()));
  }

  private static String path(Alert alert) {
    return alert.report() == null ? "" : alert.report().toString();
  }
}
