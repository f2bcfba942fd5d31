package io.descry.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The system calls of the thread that scans, counted by strace(1). */
final class SystemCalls {
  private static final String SCANNING = "descry-scan";

  /** strace ends by itself after so many seconds. */
  private static final String PATIENCE = "90";

  /** What the JVM does for a thread when it likes: waits, and memory. */
  private static final Set<String> OF_THE_JVM =
      Set.of(
          "futex",
          "sched_yield",
          "mmap",
          "munmap",
          "mprotect",
          "madvise",
          "brk",
          "rt_sigreturn",
          "rt_sigprocmask",
          "restart_syscall");

  private SystemCalls() {}

  /** Makes sure of strace; without it, skips the test, or with {@code CI=true} fails it. */
  static void needStrace() {
    boolean there =
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "strace")));
    Assumptions.assumeTrue(there || "true".equals(System.getenv("CI")), "strace is not there");
  }

  /**
   * How many one scan makes: the median of some that follow each other.
   *
   * @param program whose Descry scans again and again
   */
  static int ofAScan(RunningJvm program, int scans) {
    // Arguments are not decoded, which takes most of its time; errors are, of futex(2).
    List<String> command =
        List.of(
            "timeout",
            PATIENCE,
            "strace",
            "-qq",
            "-e",
            "raw=!futex",
            "-p",
            Long.toString(thread(program.pid())));
    Process strace = null;
    try {
      strace = new ProcessBuilder(command).redirectErrorStream(true).start();
      return ofAScan(
          new BufferedReader(
              new InputStreamReader(strace.getInputStream(), StandardCharsets.UTF_8)),
          scans);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (strace != null) {
        strace.destroy();
      }
    }
  }

  private static int ofAScan(BufferedReader lines, int scans) throws IOException {
    List<Integer> counted = new ArrayList<>();
    TreeMap<String, Integer> calls = new TreeMap<>();
    List<String> other = new ArrayList<>();
    boolean whole = false;
    while (counted.size() < scans) {
      String line = lines.readLine();
      if (line == null) {
        throw new AssertionError("strace ended after " + counted + " calls and said " + other);
      }
      int name = line.indexOf('(');
      if (name < 0 || !Character.isLetter(line.charAt(0))) {
        other.add(line);
      } else if (line.contains("ETIMEDOUT")) {
        // Between scans the thread waits until it is time for the next.
        if (whole) {
          counted.add(calls.values().stream().mapToInt(Integer::intValue).sum());
          System.out.println("a scan's system calls: " + calls);
        }
        whole = true;
        calls.clear();
      } else if (!OF_THE_JVM.contains(line.substring(0, name))) {
        calls.merge(line.substring(0, name), 1, Integer::sum);
      }
    }
    Collections.sort(counted);
    return counted.get(scans / 2);
  }

  private static int thread(long pid) {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
      for (Path task : tasks.toList()) {
        if (Files.readString(task.resolve("comm")).strip().equals(SCANNING)) {
          return Integer.parseInt(task.getFileName().toString());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError("no thread " + SCANNING);
  }
}
