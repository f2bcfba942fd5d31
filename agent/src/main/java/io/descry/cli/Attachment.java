package io.descry.cli;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.descry.report.VisibleText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Loads the agent into another JVM, by the JDK's attach API (module {@code jdk.attach}). First it
 * makes sure that this can work: to ask a JVM for it is to send SIGQUIT, which ends a process that
 * is none, and has a JVM that forbids attaching print its threads.
 */
final class Attachment {
  private static final int READY_SECONDS = 10;
  private static final long PAUSE_MILLIS = 100;

  /** The JDK's default of 10 s is short on a machine that is busy. */
  private static final String PATIENCE_MILLIS = "60000";

  private static final int OLDEST_JAVA = 17;
  private static final String JAR = "descry.jar";
  private static final String SELF = "java -jar descry.jar";

  private final JvmProcess process;
  private final int user;

  private Attachment(JvmProcess process, int user) {
    this.process = process;
    this.user = user;
  }

  /**
   * Looks whether this process can be attached to.
   *
   * @throws UnusableException when it cannot, with the reason and what can be done
   */
  static Attachment to(JvmProcess process) throws UnusableException {
    Attachment attachment =
        new Attachment(
            process, JvmProcess.canAsk() ? JvmProcess.of(ProcessHandle.current().pid()).uid() : -1);
    if (JvmProcess.canAsk()) {
      attachment.check();
    } else if (ProcessHandle.of(process.pid()).isEmpty()) {
      throw new UnusableException("there is no process " + process.pid());
    }
    return attachment;
  }

  private void check() throws UnusableException {
    long pid = process.pid();
    if (!process.exists()) {
      throw new UnusableException(
          "there is no process " + pid + " here; `" + SELF + " list` shows the JVMs that are");
    }
    if (process.state().equals("Z")) {
      throw new UnusableException(
          "process " + pid + " has ended; only its parent has not taken notice of it yet");
    }
    if (user != 0 && process.uid() != user) {
      throw new UnusableException(
          "process %d runs as user %s, and a JVM is attached to by its own user or root only: sudo -u %s %s attach %d"
              .formatted(pid, process.user(), process.user(), SELF, pid));
    }
    Boolean jvm = process.isJvm();
    if (jvm == null) {
      throw new UnusableException(
          user == 0
              ? "process %d lets nobody look into it, root neither: the system forbids it"
                  .formatted(pid)
              : "process %d does not let this user look into it; try as root: sudo %s attach %d"
                  .formatted(pid, SELF, pid));
    }
    if (!jvm) {
      throw new UnusableException(
          "process "
              + pid
              + " ("
              + VisibleText.of(process.comm(), 40)
              + ") is no Java virtual machine: no libjvm.so is loaded in it");
    }
    if (process.state().equals("T")) {
      throw new UnusableException(
          "process "
              + pid
              + " is stopped and cannot answer; let it go on first: kill -CONT "
              + pid);
    }
    if (process.forbidsAttaching()) {
      throw new UnusableException(
          "process "
              + pid
              + " was started with -XX:+DisableAttachMechanism, so nothing can be loaded into it"
              + " while it runs; start it again with -javaagent:/path/to/descry.jar");
    }
    awaitReady();
  }

  private void awaitReady() throws UnusableException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
    while (!process.hasAttachSocket() && !process.catchesQuit()) {
      if (System.nanoTime() > end || !process.exists()) {
        throw new UnusableException(
            "process "
                + process.pid()
                + " cannot be asked to be attached to: it does not handle"
                + " SIGQUIT (it is still starting, or was started with -Xrs); start it with"
                + " -javaagent:/path/to/descry.jar");
      }
      sleep();
    }
  }

  private static void sleep() throws UnusableException {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnusableException("interrupted", e);
    }
  }

  /** The process. */
  JvmProcess process() {
    return process;
  }

  /**
   * Waits a moment for Descry to have begun in it.
   *
   * @return whether it has
   */
  boolean awaitDescry() throws UnusableException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
    while (!process.runsDescry()) {
      if (System.nanoTime() > end) {
        return false;
      }
      sleep();
    }
    return true;
  }

  /**
   * The agent's jar by a path that the process can read: this program's own, or one that the
   * process has open already; {@code null} when it must be given one.
   */
  String jar() throws UnusableException {
    Path own = ownJar();
    if (!JvmProcess.canAsk() || isSeen(own)) {
      return own.toString();
    }
    return process.openJar();
  }

  /** Gives the process a copy of the jar. */
  String copy(Mailbox box) throws UnusableException {
    try {
      Path copy = Files.copy(ownJar(), box.outside(JAR));
      Files.setAttribute(copy, "unix:uid", process.uid());
      Files.setAttribute(copy, "unix:gid", process.gid());
      return box.inside(JAR);
    } catch (IOException e) {
      throw new UnusableException(
          "the process does not see "
              + ownJar()
              + ", and it cannot be copied to where it does: "
              + e,
          e);
    }
  }

  private static Path ownJar() throws UnusableException {
    Path jar = OwnJar.path();
    if (jar == null) {
      throw new UnusableException("this is no packaged Descry: there is no jar to load");
    }
    try {
      return jar.toRealPath();
    } catch (IOException e) {
      throw new UnusableException("this program's own jar is gone: " + e, e);
    }
  }

  /** Whether the process reads this very file under this very path. */
  private boolean isSeen(Path jar) throws UnusableException {
    try {
      if (process.hasOwnFiles()) {
        Path there = process.outside(jar.toString());
        if (!Files.isRegularFile(there, LinkOption.NOFOLLOW_LINKS)
            || Files.mismatch(there, jar) >= 0) {
          return false;
        }
      }
      return process.uid() == user || isForAll(jar);
    } catch (IOException e) {
      // It cannot be looked at from here: then the process is given its own.
      return false;
    }
  }

  private static boolean isForAll(Path jar) throws IOException {
    for (Path path = jar.getParent(); path != null; path = path.getParent()) {
      if (!permissions(path).contains(PosixFilePermission.OTHERS_EXECUTE)) {
        return false;
      }
    }
    return permissions(jar).contains(PosixFilePermission.OTHERS_READ);
  }

  private static Set<PosixFilePermission> permissions(Path path) throws IOException {
    return Files.getPosixFilePermissions(path);
  }

  /**
   * Loads the agent, which returns when its {@code agentmain} has.
   *
   * @param jar as the process has it
   */
  void load(String jar, String options) throws UnusableException {
    System.setProperty("sun.tools.attach.attachTimeout", PATIENCE_MILLIS);
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(process.pid()));
      try {
        checkVersion(machine);
        machine.loadAgent(jar, options);
      } finally {
        machine.detach();
      }
    } catch (LinkageError e) {
      throw new UnusableException(
          "this Java ("
              + System.getProperty("java.home")
              + ") cannot attach to another: it has no module jdk.attach; use a JDK, 17 or later",
          e);
    } catch (AttachNotSupportedException | IOException e) {
      throw new UnusableException(
          "process "
              + process.pid()
              + " does not let itself be attached to: "
              + e.getMessage()
              + remedy(),
          e);
    } catch (AgentLoadException | AgentInitializationException e) {
      throw new UnusableException(
          "the JVM of process "
              + process.pid()
              + " does not load "
              + jar
              + ": "
              + e.getMessage()
              + "; its standard error says why",
          e);
    }
  }

  /** What is left to try when something stands between that /proc does not show. */
  private String remedy() {
    return JvmProcess.canAsk()
        ? "\n  If it runs in a container, attach from inside, with the jar and a JDK there:"
            + "\n  sudo nsenter -t %d -m -p -r -w -- %s attach %s"
                .formatted(process.pid(), SELF, innermost())
        : "";
  }

  private String innermost() {
    String[] numbers = process.status().getOrDefault("NSpid", "PID").split("\\s+");
    return numbers[numbers.length - 1];
  }

  private void checkVersion(VirtualMachine machine) throws IOException, UnusableException {
    Map<Object, Object> properties = machine.getSystemProperties();
    String version = String.valueOf(properties.get("java.specification.version"));
    int feature = version.startsWith("1.") ? 8 : Integer.parseInt(version);
    if (feature < OLDEST_JAVA) {
      throw new UnusableException(
          "process "
              + process.pid()
              + " runs Java "
              + version
              + "; Descry needs "
              + OLDEST_JAVA
              + " or later");
    }
  }
}
