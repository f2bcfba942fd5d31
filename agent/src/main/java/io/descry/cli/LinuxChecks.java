package io.descry.cli;

import io.descry.cli.Check.Answer;
import io.descry.os.Blind;
import io.descry.os.Descriptor;
import io.descry.os.JnaLoading;
import io.descry.os.Limits;
import io.descry.os.ProcessDescriptors;
import io.descry.os.Socket;
import io.descry.os.tracer.Tracer;
import io.descry.report.ThisProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is asked of Linux. Each is tried in this process, and so holds for one started alike. */
final class LinuxChecks {
  private static final Pattern GLIBC =
      Pattern.compile("GNU C Library [^\\n]*version (\\d+\\.\\d+)");
  private static final long FEW = 4096;

  private LinuxChecks() {}

  /** All of them. */
  static List<Check> all() {
    return Stream.of(
            check("processor", () -> processor(java.lang.System.getProperty("os.arch"))),
            check("kernel", () -> kernel(java.lang.System.getProperty("os.version"))),
            check("C library", () -> library(Path.of("/proc/self/maps"))),
            check("/proc", LinuxChecks::proc),
            check("system calls", LinuxChecks::calls),
            check("snapshot", LinuxChecks::snapshot),
            check("sock_diag", LinuxChecks::sockets),
            check("native tracer", LinuxChecks::tracer),
            check("limit", LinuxChecks::limit),
            check("seccomp", LinuxChecks::seccomp),
            check("ptrace", () -> ptrace(Path.of("/proc/sys/kernel/yama/ptrace_scope"))),
            check("container", LinuxChecks::container))
        .toList();
  }

  private static Check check(String name, java.util.concurrent.Callable<Answer> question) {
    return new Check(name, Check.System.LINUX, question);
  }

  static Answer processor(String name) {
    return Set.of("amd64", "aarch64").contains(name)
        ? Answer.ok(name)
        : Answer.limited(
            name
                + ": the native tracer is for amd64 and aarch64; what native code opens has no"
                + " name");
  }

  static Answer kernel(String release) {
    Matcher numbers = Pattern.compile("(\\d+)\\.(\\d+).*").matcher(release);
    if (!numbers.matches()) {
      return Answer.limited(release + ": unknown; Descry needs 4.18 or later");
    }
    int version = Integer.parseInt(numbers.group(1)) * 1000 + Integer.parseInt(numbers.group(2));
    if (version < 4018) {
      return Answer.failed(release + "; Descry needs 4.18 or later");
    }
    return Answer.ok(
        release
            + (version < 6002
                ? ": before 6.2 counting costs a system call for some hundred each"
                : ""));
  }

  static Answer library(Path maps) throws IOException {
    List<String> paths =
        Files.readAllLines(maps).stream()
            .map(line -> line.replaceFirst("^(\\S+\\s+){5}", ""))
            .distinct()
            .toList();
    if (paths.stream().anyMatch(path -> path.contains("/ld-musl"))) {
      return Answer.limited(
          "musl: JNA and the native tracer need glibc; a reader in plain Java takes their place");
    }
    String file =
        paths.stream()
            .filter(path -> path.matches(".*/libc(-[0-9.]+)?\\.so(\\.6)?"))
            .findFirst()
            .orElse(null);
    if (file == null) {
      return Answer.limited("no C library is among what is mapped");
    }
    String content = new String(Files.readAllBytes(Path.of(file)), StandardCharsets.ISO_8859_1);
    Matcher version = GLIBC.matcher(content);
    if (!version.find()) {
      return Answer.limited(file + " does not say that it is glibc");
    }
    String[] numbers = version.group(1).split("\\.");
    boolean late = Integer.parseInt(numbers[0]) > 2 || Integer.parseInt(numbers[1]) >= 17;
    return late
        ? Answer.ok("glibc " + version.group(1))
        : Answer.limited("glibc " + version.group(1) + "; JNA and the native tracer need 2.17");
  }

  private static Answer proc() throws IOException {
    if (!Files.isDirectory(Path.of("/proc/self/fd"))) {
      return Answer.failed("/proc is not mounted: nothing can be seen without it");
    }
    Files.readSymbolicLink(Path.of("/proc/self/exe"));
    return Answer.ok("mounted, and a process may read what is its own");
  }

  private static Answer calls() {
    JnaLoading jna = JnaLoading.once();
    return jna.loaded()
        ? Answer.ok("JNA can be loaded")
        : Answer.limited(
            "JNA cannot be loaded, a reader in plain Java takes its place, which fails at the"
                + " limit: "
                + String.join("; ", jna.refusals()));
  }

  private static Answer snapshot() {
    try (ProcessDescriptors descriptors = ProcessDescriptors.ofThisProcess()) {
      int seen = descriptors.snapshot().descriptors().size();
      List<Blind> blind = descriptors.blind();
      return blind.isEmpty()
          ? Answer.ok(seen + " descriptors of this process, and all that is asked of each")
          : Answer.limited(reasons(blind));
    }
  }

  private static Answer sockets() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ProcessDescriptors descriptors = ProcessDescriptors.ofThisProcess()) {
      String port = ":" + socket.getLocalPort();
      boolean seen =
          descriptors.snapshot().descriptors().stream()
              .map(Descriptor::socket)
              .anyMatch(
                  one ->
                      one != null
                          && one.local().endsWith(port)
                          && one.stage() == Socket.Stage.LISTENING);
      return seen
          ? Answer.ok("states of sockets are told")
          : Answer.limited(
              "states of sockets are not told: nothing is found by CLOSE_WAIT; allow"
                  + " socket(AF_NETLINK, ..., NETLINK_SOCK_DIAG), or mount /proc/net");
    }
  }

  private static Answer tracer() {
    Tracer tracer = Tracer.ofThisProcess(Tracer.Stacks.BUDGET);
    if (!tracer.on()) {
      return Answer.limited(
          "cannot run: what native code opens has no name: " + reasons(tracer.blind()));
    }
    tracer.refresh();
    return tracer.blind().isEmpty()
        ? Answer.ok("runs, and names what native code opens")
        : Answer.limited("runs, but: " + reasons(tracer.blind()));
  }

  private static String reasons(List<Blind> blind) {
    return blind.stream()
        .map(one -> one.what() + ": " + one.why())
        .collect(Collectors.joining("; "));
  }

  private static Answer limit() {
    try (ProcessDescriptors descriptors = ProcessDescriptors.ofThisProcess()) {
      Limits limits = descriptors.limits();
      String text = "soft " + words(limits.soft()) + ", hard " + words(limits.hard());
      // HotSpot raises its own soft limit to the hard one as it starts (-XX:+MaxFDLimit).
      return limits.soft() != Limits.UNKNOWN && limits.soft() < FEW
          ? Answer.limited(text + ": few; raise it with `ulimit -n`, or LimitNOFILE= of the unit")
          : Answer.ok(text);
    }
  }

  private static String words(long limit) {
    return limit == Limits.UNKNOWN
        ? "unknown"
        : limit == Long.MAX_VALUE ? "unlimited" : "%,d".formatted(limit);
  }

  private static Answer seccomp() {
    String mode =
        JvmProcess.of(ProcessHandle.current().pid()).status().getOrDefault("Seccomp", "0");
    return Answer.ok(
        mode.equals("0")
            ? "no filter"
            : "a filter is in force; what it forbids shows in the other lines");
  }

  static Answer ptrace(Path scope) throws IOException {
    String number = Files.isReadable(scope) ? Files.readString(scope).strip() : "0";
    return Answer.ok(
        "yama ptrace_scope is "
            + number
            + (number.equals("0")
                ? ""
                : ": Descry traces no process, but some commands by which evidence is checked by"
                    + " hand (strace, /proc/PID/syscall) need root"));
  }

  private static Answer container() {
    String container = ThisProcess.facts().container();
    return Answer.ok(
        container == null
            ? "none that Descry knows"
            : container
                + ": this holds inside of it; of JVMs in others only root outside of all learns");
  }
}
