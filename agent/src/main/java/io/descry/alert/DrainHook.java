package io.descry.alert;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs the operator's program that tells a balancer to send nothing more: without a shell, with
 * nothing on its standard input and its output discarded.
 *
 * @param command program and arguments
 * @param pid of the process that is about to end, for the program's environment
 */
record DrainHook(List<String> command, long pid) {
  private static final File NOWHERE = new File("/dev/null");

  /**
   * Runs it to its end.
   *
   * @param why in the program's environment; may hold text from outside
   * @param patience how long it may take, after which it is killed with what it has started
   * @throws IOException with the reason, when it cannot be started, takes too long or fails
   */
  void run(String why, Duration patience) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(Redirect.from(NOWHERE))
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD);
    builder.environment().put("DESCRY_ALERTED_PID", Long.toString(pid));
    builder.environment().put("DESCRY_ALERTED_TEXT", why);
    Process process = builder.start();
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("killed, as it took longer than " + patience.toSeconds() + " s");
      }
      if (process.exitValue() != 0) {
        throw new IOException("ended with status " + process.exitValue());
      }
    } finally {
      if (process.isAlive()) {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
      }
    }
  }
}
