package io.descry.lab.corpus;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * What {@code ./descry lab} runs: one program of the corpus with the agent and its report, the list
 * of them, or the score of all.
 *
 * <p>Usage: {@code Lab AGENT_JAR WORK_DIRECTORY NAME | --list | --score [--markdown] [--jobs=N]
 * [NAME...]}. The exit status is 0 when every label is right, no clean program has a finding, and
 * no finding that is certain or probable is false; 1 when not so; 2 for a wrong usage.
 */
public final class Lab {
  private static final String JOBS = "--jobs=";

  private final Trial trial;

  private Lab(Path jar, Path work) {
    trial =
        new Trial(
            Path.of(System.getProperty("java.home")),
            jar,
            absolute(System.getProperty("java.class.path")),
            work);
  }

  /**
   * The command.
   *
   * @param args the agent's jar, a directory for what the runs write, and what is to be done
   */
  public static void main(String[] args) throws Exception {
    List<String> words = List.of(args).subList(2, args.length);
    if (words.equals(List.of("--list"))) {
      list();
      return;
    }
    Lab lab = new Lab(Path.of(args[0]).toAbsolutePath(), Path.of(args[1]).toAbsolutePath());
    try {
      System.exit(lab.run(words) ? 0 : 1);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "; ./descry lab --list names them all");
      System.exit(2);
    }
  }

  /** The programs run in directories of their own. */
  private static String absolute(String classPath) {
    return Arrays.stream(classPath.split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static void list() {
    for (Catalog.Entry entry : Catalog.ALL) {
      System.out.printf(
          "%-20s %4d s  %s%n", entry.name(), entry.program().seconds(), entry.about());
    }
  }

  private boolean run(List<String> words) throws Exception {
    if (words.size() == 1 && !words.get(0).startsWith("--")) {
      return one(Catalog.of(words.get(0)));
    }
    if (words.isEmpty() || !words.get(0).equals("--score")) {
      throw new IllegalArgumentException("neither a program nor --list nor --score");
    }
    boolean markdown = false;
    int jobs = Math.max(1, Runtime.getRuntime().availableProcessors());
    List<Catalog.Entry> chosen = new ArrayList<>();
    for (String word : words.subList(1, words.size())) {
      if (word.equals("--markdown")) {
        markdown = true;
      } else if (word.matches(JOBS + "[1-9]\\d?")) {
        jobs = Integer.parseInt(word.substring(JOBS.length()));
      } else {
        chosen.add(Catalog.of(word));
      }
    }
    Score score = score(chosen.isEmpty() ? Catalog.ALL : chosen, jobs);
    System.out.println();
    System.out.print(score.table(markdown));
    return score.passed();
  }

  private boolean one(Catalog.Entry entry) throws Exception {
    System.out.printf(
        "Running %s (%s) for %d s, scanning every %d s.%n",
        entry.name(), entry.about(), entry.program().seconds(), Trial.INTERVAL.toSeconds());
    Score score = new Score(List.of(trial.run(entry)));
    System.out.print(trial.report(entry));
    System.out.println();
    System.out.print(score.table(false));
    return score.passed();
  }

  private Score score(List<Catalog.Entry> entries, int jobs) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(jobs);
    try {
      List<Future<Outcome>> running = new ArrayList<>();
      for (Catalog.Entry entry : entries) {
        running.add(threads.submit(() -> trial.run(entry)));
      }
      List<Outcome> outcomes = new ArrayList<>();
      for (Future<Outcome> one : running) {
        Outcome outcome = one.get();
        outcomes.add(outcome);
        // Standard error: standard output has the table alone.
        System.err.printf("%d of %d: %s%n", outcomes.size(), entries.size(), outcome.name());
      }
      return new Score(outcomes);
    } finally {
      threads.shutdownNow();
    }
  }
}
