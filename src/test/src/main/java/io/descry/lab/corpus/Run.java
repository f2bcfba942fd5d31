package io.descry.lab.corpus;

import io.descry.lab.Dialogue;
import io.descry.lab.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Runs one program in this JVM, checks its label against the kernel's count, and says both. What
 * {@link Trial} starts.
 */
public final class Run {
  /** Begins the line that says when the first leak was, in milliseconds since the epoch. */
  static final String BEGAN = "began ";

  /** Begins the line that says what is true, in JSON. */
  static final String TRUTH = "truth ";

  /** Begins the line that says that the label is wrong. */
  static final String WRONG = "wrong ";

  private static final long CALM_MILLIS = 2_500;

  private Run() {}

  /**
   * The program.
   *
   * @param args its name, a directory for its files, the ports of its peers
   */
  public static void main(String[] args) throws Exception {
    Program program = Catalog.of(args[0]).program();
    Stage stage = new Stage(Files.createDirectories(Path.of(args[1])), Peers.ports(args[2]));
    try {
      run(program, stage);
    } catch (Exception e) {
      e.printStackTrace();
      Dialogue.say(WRONG + "the program failed: " + e);
      Runtime.getRuntime().halt(1);
    }
    // Threads of libraries that were not shut down must not keep the JVM.
    System.exit(0);
  }

  private static void run(Program program, Stage stage) throws Exception {
    // What a library fetches by name before the tracer is there passes it by: docs/limits.md.
    calm();
    program.prepare(stage);
    Map<String, Integer> before = calm();
    long end = System.nanoTime() + program.seconds() * 1_000_000_000L;
    for (int i = 0; System.nanoTime() < end; i++) {
      program.step(stage, i);
      Thread.sleep(program.pauseMillis());
    }
    program.finish();
    Truth truth = program.truth();
    String wrong = truth.wrong(before, stage.leaks());
    if (wrong != null) {
      Dialogue.say(WRONG + wrong);
    }
    Dialogue.say(
        TRUTH
            + Json.of(
                Map.of(
                    "leaks",
                    stage.leaks(),
                    "causes",
                    truth.causes().stream().map(Cause::asMap).toList())));
  }

  /**
   * Waits until nothing has been opened for a while: the agent has by then opened what it needs.
   *
   * @return what has been open for as long, which no file is that the JVM looks into for a moment
   */
  private static Map<String, Integer> calm() throws InterruptedException {
    Map<String, Integer> before = Truth.open();
    long since = System.nanoTime();
    while (System.nanoTime() - since < CALM_MILLIS * 1_000_000) {
      Thread.sleep(250);
      Map<String, Integer> now = Truth.open();
      if (!now.equals(before)) {
        before = now;
        since = System.nanoTime();
      }
    }
    return before;
  }
}
