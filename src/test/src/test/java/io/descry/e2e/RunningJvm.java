package io.descry.e2e;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.remote.JMXServiceURL;

/**
 * A JVM that runs: its lines, a dialogue with its program, its end. Every wait is bounded, and at
 * its bound the JVM is killed.
 */
final class RunningJvm implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 120;

  private final Process process;
  private final Path base;
  private final List<String> out = new CopyOnWriteArrayList<>();
  private final List<String> err = new CopyOnWriteArrayList<>();
  private final BlockingQueue<String> unheard = new LinkedBlockingQueue<>();
  private final List<Thread> readers;

  RunningJvm(ProcessBuilder builder, Path base) {
    this.base = base;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    readers =
        List.of(
            reader(
                process.getInputStream(),
                line -> {
                  out.add(line);
                  unheard.add(line);
                }),
            reader(process.getErrorStream(), err::add));
  }

  long pid() {
    return process.pid();
  }

  List<String> out() {
    return List.copyOf(out);
  }

  List<String> err() {
    return List.copyOf(err);
  }

  /** What is mapped into it, as the kernel lists it. */
  String maps() {
    try {
      return Files.readString(Path.of("/proc/" + pid() + "/maps"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The descriptors that the kernel lists, from outside. */
  ProcFd descriptors() {
    return ProcFd.of(pid());
  }

  /**
   * Waits for a line on standard output that begins so.
   *
   * @return the line
   */
  String hear(String beginning) {
    return hear(line -> line.startsWith(beginning), "'" + beginning + "'");
  }

  /**
   * Waits for a line on standard output in which this is found.
   *
   * @return what its first group matched
   */
  String hear(Pattern pattern) {
    Matcher matcher =
        pattern.matcher(hear(line -> pattern.matcher(line).find(), pattern.pattern()));
    if (!matcher.find()) {
      throw new IllegalStateException(matcher.toString());
    }
    return matcher.group(1);
  }

  private String hear(Predicate<String> heard, String what) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < deadline) {
      String line = poll();
      if (line != null && heard.test(line)) {
        return line;
      }
      if (line == null && !process.isAlive() && unheard.isEmpty()) {
        break;
      }
    }
    throw failure("never said " + what);
  }

  private String poll() {
    try {
      return unheard.poll(200, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Waits until what is open has not changed for a few scans: the agent has by then opened what it
   * needs.
   */
  void awaitSettled() {
    ProcFd before = descriptors();
    for (int same = 0; same < 4; ) {
      pause(500);
      ProcFd now = descriptors();
      same = now.equals(before) ? same + 1 : 0;
      before = now;
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends the program one line. */
  void say(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw failure("does not listen: " + e);
    }
  }

  /** Has the agent write a report now, and reads it. */
  Report dump(String name) {
    Path dump = base.resolveSibling(name);
    attach("dump=" + dump);
    return Report.read(Path.of(dump + ".json"));
  }

  /** Loads the agent into this JVM. */
  void attach(String options) {
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(pid()));
      try {
        machine.loadAgent(DescryJvm.JAR.toString(), options);
      } finally {
        machine.detach();
      }
    } catch (IOException
        | AttachNotSupportedException
        | AgentLoadException
        | AgentInitializationException e) {
      throw failure("attaching failed: " + e);
    }
  }

  /** Where this JVM's own management agent, which starts now, answers. */
  JMXServiceURL managementAddress() {
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(pid()));
      try {
        return new JMXServiceURL(machine.startLocalManagementAgent());
      } finally {
        machine.detach();
      }
    } catch (IOException | AttachNotSupportedException e) {
      throw failure("attaching failed: " + e);
    }
  }

  /** SIGTERM, and waits for the end. */
  int terminate() {
    process.destroy();
    return await();
  }

  /** Any signal, by its name. */
  void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Waits for the end.
   *
   * @return the exit status
   */
  int await() {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw failure("does not end");
      }
      for (Thread reader : readers) {
        reader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The report that was written at the end. */
  Report report() {
    return Report.read(Path.of(base + ".json"));
  }

  private IllegalStateException failure(String what) {
    process.destroyForcibly();
    return new IllegalStateException(
        what
            + "\nstdout: "
            + String.join("\n", last(out))
            + "\nstderr: "
            + String.join("\n", last(err)));
  }

  private static List<String> last(List<String> lines) {
    return lines.subList(Math.max(0, lines.size() - 12), lines.size()).stream()
        .map(line -> line.substring(0, Math.min(300, line.length())))
        .toList();
  }

  private static Thread reader(InputStream in, java.util.function.Consumer<String> lines) {
    Thread thread =
        new Thread(
            () -> {
              try (BufferedReader reader =
                  new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                reader.lines().forEach(lines);
              } catch (IOException | UncheckedIOException e) {
                lines.accept("reading ended: " + e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
