package io.descry.lab.clean;

import io.descry.lab.Dialogue;
import io.descry.lab.OpenNumbers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Programs that use descriptors hard and leak none. Says {@code ready}, works from the next line on
 * for the seconds given, says {@code loaded} with pools still full, and after another line closes
 * what it holds and says {@code closed}.
 */
public final class Clean {
  /**
   * What a library opens once for good; more than this is a leak, and the label of the program
   * wrong.
   */
  private static final int FOR_GOOD = 8;

  private Clean() {}

  /**
   * The program.
   *
   * @param args a directory for files, seconds, and the names of what is to be done at the same
   *     time
   */
  public static void main(String[] args) throws Exception {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, thrown) -> {
          thrown.printStackTrace();
          Runtime.getRuntime().halt(1);
        });
    Path directory = Files.createDirectories(Path.of(args[0]));
    Dialogue.ask("ready");
    SortedMap<Integer, String> before = OpenNumbers.now();
    long end = System.nanoTime() + Long.parseLong(args[1]) * 1_000_000_000L;
    List<Habit> habits = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (String name : List.of(args).subList(2, args.length)) {
      Habit habit = Habits.of(name, Files.createDirectories(directory.resolve(name)));
      habits.add(habit);
      Thread thread = new Thread(() -> live(habit, end), name);
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    Dialogue.ask("loaded");
    for (Habit habit : habits) {
      habit.finish();
    }
    settle(before);
    Dialogue.ask("closed");
    System.exit(0);
  }

  private static void live(Habit habit, long end) {
    try {
      for (int i = 0; System.nanoTime() < end; i++) {
        habit.step(i);
        Thread.sleep(habit.pauseMillis());
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void settle(SortedMap<Integer, String> before) throws InterruptedException {
    Map<Integer, String> left = left(before);
    for (int patience = 0; patience < 100 && left.size() > FOR_GOOD; patience++) {
      System.gc();
      Thread.sleep(100);
      left = left(before);
    }
    if (left.size() > FOR_GOOD) {
      throw new IllegalStateException("not clean: " + left);
    }
  }

  /** The application's class path is opened archive by archive, as it is needed. */
  private static Map<Integer, String> left(SortedMap<Integer, String> before) {
    String classPath = System.getProperty("java.class.path");
    SortedMap<Integer, String> left = OpenNumbers.since(before);
    left.values().removeIf(classPath::contains);
    return left;
  }
}
