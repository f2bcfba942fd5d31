package io.descry.cli;

import io.descry.report.VisibleText;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A process as {@code /proc} of Linux shows it to another: whether it is a JVM, whose, and what
 * stands between. Formats: proc(5). Each method asks anew; what the kernel does not tell is said in
 * the result.
 *
 * @param pid its number, as this process counts
 * @param proc {@code /proc}, or in tests what stands for it
 */
record JvmProcess(long pid, Path proc) {
  private static final Path PROC = Path.of("/proc");

  /** Linux: SIGQUIT is 3, so bit 2 of the masks in {@code status}. */
  private static final long SIGQUIT = 1L << 2;

  private static final int LONGEST = 300;

  /** A process of this machine. */
  static JvmProcess of(long pid) {
    return new JvmProcess(pid, PROC);
  }

  /** Whether this system has a {@code /proc} to ask. */
  static boolean canAsk() {
    return Files.isDirectory(PROC.resolve("self"));
  }

  /** All processes that are JVMs as far as this user may know, ascending by number. */
  static List<JvmProcess> all() throws IOException {
    List<JvmProcess> all = new ArrayList<>();
    try (DirectoryStream<Path> numbers = Files.newDirectoryStream(PROC, "[1-9]*")) {
      for (Path number : numbers) {
        JvmProcess process = of(Long.parseLong(number.getFileName().toString()));
        if (process.isJvm() == Boolean.TRUE
            || process.isJvm() == null && process.comm().equals("java")) {
          all.add(process);
        }
      }
    }
    all.sort((a, b) -> Long.compare(a.pid, b.pid));
    return all;
  }

  private Path path(String name) {
    return proc.resolve(Long.toString(pid)).resolve(name);
  }

  /** Whether there is such a process. */
  boolean exists() {
    return Files.exists(path("status"));
  }

  /** The lines of {@code status} by name; empty when it is gone. */
  Map<String, String> status() {
    Map<String, String> lines = new HashMap<>();
    for (String line : text("status").split("\n")) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        lines.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return lines;
  }

  /** One letter, such as Z for what has ended; empty when it is gone. */
  String state() {
    String state = status().getOrDefault("State", "");
    return state.isEmpty() ? "" : state.substring(0, 1);
  }

  /** The effective user; -1 when it is gone. */
  int uid() {
    return second("Uid");
  }

  /** The effective group; -1 when it is gone. */
  int gid() {
    return second("Gid");
  }

  private int second(String name) {
    String[] numbers = status().getOrDefault(name, "").split("\\s+");
    return numbers.length < 2 ? -1 : Integer.parseInt(numbers[1]);
  }

  /** The user's name where the system knows one, else the number. */
  String user() {
    try {
      return VisibleText.of(Files.getOwner(path("status")).getName(), 40);
    } catch (IOException | UnsupportedOperationException e) {
      // Ended since, or a system without users' names: the number says as much.
      return Integer.toString(uid());
    }
  }

  /** Whether HotSpot is loaded in it; {@code null} when this user may not know. */
  Boolean isJvm() {
    try {
      return bytes("maps").contains("/libjvm.so");
    } catch (AccessDeniedException e) {
      // Another user's: that is the answer.
      return null;
    } catch (IOException e) {
      // Gone, or on its way out.
      return false;
    }
  }

  /** Whether it handles SIGQUIT, by which one asks a JVM to be attached to; else that ends it. */
  boolean catchesQuit() {
    String caught = status().getOrDefault("SigCgt", "0");
    return (Long.parseUnsignedLong(caught, 16) & SIGQUIT) != 0;
  }

  /** Whether it is ready to be attached to without being asked first. */
  boolean hasAttachSocket() {
    String[] numbers = status().getOrDefault("NSpid", Long.toString(pid)).split("\\s+");
    String inner = numbers[numbers.length - 1];
    return Files.exists(root().resolve("tmp/.java_pid" + inner));
  }

  /** Whether what it was started with forbids to attach. */
  boolean forbidsAttaching() {
    boolean forbidden = false;
    for (String place : List.of("environ", "cmdline")) {
      for (String word : text(place).split("[\\x00\\s=]+")) {
        if (word.equals("-XX:+DisableAttachMechanism")) {
          forbidden = true;
        } else if (word.equals("-XX:-DisableAttachMechanism")) {
          forbidden = false;
        }
      }
    }
    return forbidden || performanceData().contains("-XX:+DisableAttachMechanism");
  }

  /** What HotSpot publishes, its arguments among it, wherever they came from; mostly binary. */
  private String performanceData() {
    Path tmp = root().resolve("tmp");
    String[] numbers = status().getOrDefault("NSpid", Long.toString(pid)).split("\\s+");
    try (DirectoryStream<Path> users = Files.newDirectoryStream(tmp, "hsperfdata_*")) {
      for (Path user : users) {
        Path file = user.resolve(numbers[numbers.length - 1]);
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) < 1 << 20) {
          return new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
        }
      }
    } catch (IOException e) {
      // -XX:-UsePerfData, or not for us to read: the other places must do.
      return "";
    }
    return "";
  }

  /** Whether Descry scans in it: by the name of its thread. */
  boolean runsDescry() {
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(path("task"))) {
      for (Path thread : threads) {
        if (read(thread.resolve("comm")).strip().equals("descry-scan")) {
          return true;
        }
      }
    } catch (IOException e) {
      // Gone, and so is whatever ran in it.
      return false;
    }
    return false;
  }

  /** Its own first word, of 15 bytes at most. */
  String comm() {
    return text("comm").strip();
  }

  /** Main class or jar with arguments, without the options of the JVM; made safe to show. */
  String command() {
    String[] words = text("cmdline").split("\0");
    int at = 1;
    while (at < words.length && words[at].startsWith("-")) {
      boolean takesNext =
          List.of(
                  "-cp",
                  "-classpath",
                  "--class-path",
                  "-p",
                  "--module-path",
                  "--add-modules",
                  "--add-opens",
                  "--add-exports",
                  "--add-reads")
              .contains(words[at]);
      if (List.of("-jar", "-m", "--module").contains(words[at])) {
        at++;
        break;
      }
      at += takesNext ? 2 : 1;
    }
    List<String> rest = List.of(words).subList(Math.min(at, words.length), words.length);
    return VisibleText.of(rest.isEmpty() ? comm() : String.join(" ", rest), LONGEST);
  }

  /** How many descriptors it has open; -1 when this user may not know. */
  int open() {
    try (DirectoryStream<Path> numbers = Files.newDirectoryStream(path("fd"))) {
      int count = 0;
      for (Path number : numbers) {
        count += number.getFileName() == null ? 0 : 1;
      }
      return count;
    } catch (IOException e) {
      // Another user's, or ended since.
      return -1;
    }
  }

  /** The soft limit of open descriptors, as {@code limits} has it; empty when it is not told. */
  String softLimit() {
    for (String line : text("limits").split("\n")) {
      if (line.startsWith("Max open files")) {
        return line.substring("Max open files".length()).strip().split("\\s+")[0];
      }
    }
    return "";
  }

  /**
   * Whether it has another view of the file system than this process.
   *
   * @throws UnusableException when this user may not know
   */
  boolean hasOwnFiles() throws UnusableException {
    try {
      Path mounts = Files.readSymbolicLink(path("ns/mnt"));
      return !mounts.equals(Files.readSymbolicLink(proc.resolve("self/ns/mnt")))
          || !Files.isSameFile(root(), Path.of("/"));
    } catch (IOException e) {
      throw new UnusableException(
          "process " + pid + " does not let this user look into it (" + e + "); try as root", e);
    }
  }

  /** Where its file system begins, as this process gets there. */
  Path root() {
    return path("root");
  }

  /** What a path of its own is called by this process. */
  Path outside(String inside) {
    return inside.startsWith("/") ? root().resolve(inside.substring(1)) : root().resolve(inside);
  }

  /** A jar of Descry that it has open, by its own path; {@code null} when there is none. */
  String openJar() {
    try (DirectoryStream<Path> numbers = Files.newDirectoryStream(path("fd"))) {
      for (Path number : numbers) {
        String target = link(number);
        if (target.endsWith("/descry.jar") && Files.isReadable(outside(target))) {
          return target;
        }
      }
    } catch (IOException e) {
      // Another user's: then it is given a copy of this program's jar.
      return null;
    }
    return null;
  }

  private static String link(Path number) throws IOException {
    try {
      return Files.readSymbolicLink(number).toString();
    } catch (NoSuchFileException e) {
      // Closed meanwhile.
      return "";
    }
  }

  private String text(String name) {
    try {
      return bytes(name);
    } catch (IOException e) {
      // Gone, or not for this user: what it would have said is then unknown.
      return "";
    }
  }

  private String bytes(String name) throws IOException {
    return read(path(name));
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.UTF_8);
  }
}
