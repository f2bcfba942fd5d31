package io.descry.cli;

import io.descry.instrument.DoorCheck;
import io.descry.os.Descriptor;
import io.descry.os.Identity;
import io.descry.os.Kind;
import io.descry.os.ProcessDescriptors;
import io.descry.os.Socket;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.Selector;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Opens what it knows the nature of, and looks whether Descry sees exactly that: for systems on
 * which nobody who builds Descry could try it. What it finds, and all that was open, is written to
 * a file that can be sent to Descry's maintainers.
 */
final class SelfCheck {
  /**
   * How it went.
   *
   * @param failed what was not as it should be, one line each; empty when all was
   * @param file where the whole is
   */
  record Result(List<String> failed, Path file) {}

  private final List<String> lines = new ArrayList<>();
  private final List<String> failed = new ArrayList<>();
  private final ProcessDescriptors descriptors;

  private SelfCheck(ProcessDescriptors descriptors) {
    this.descriptors = descriptors;
  }

  /**
   * Checks this process.
   *
   * @param descriptors what Descry sees of it
   * @param file to be written, in place of an older one
   * @throws IOException when the file cannot be written, or nothing can be opened here
   */
  static Result of(ProcessDescriptors descriptors, Path file) throws IOException {
    SelfCheck check = new SelfCheck(descriptors);
    check.facts();
    check.handles();
    check.doors();
    check.system();
    Files.write(file, check.lines);
    return new Result(List.copyOf(check.failed), file.toAbsolutePath());
  }

  private void facts() {
    for (String key :
        List.of("os.name", "os.version", "os.arch", "java.runtime.version", "java.vm.name")) {
      say(key + ": " + System.getProperty(key));
    }
  }

  private void handles() throws IOException {
    Path known = Files.createTempFile("descry-check", ".txt");
    Path list = Files.createTempDirectory("descry-check");
    // Whatever these load and keep is open before it is compared.
    try (Selector first = Selector.open()) {
      say("selector: " + first.getClass().getName());
    }
    Map<Integer, Identity> before = identities(descriptors.snapshot().descriptors());
    try (FileInputStream file = new FileInputStream(known.toFile());
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        DatagramSocket datagram = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        DirectoryStream<Path> listed = Files.newDirectoryStream(list);
        Selector selector = Selector.open()) {
      say("opened: " + file.getChannel() + ", " + server + ", " + datagram);
      say("opened: " + listed + ", " + selector);
      List<Descriptor> fresh = new ArrayList<>(descriptors.snapshot().descriptors());
      fresh.removeIf(one -> one.identity().equals(before.get(one.number())));
      fresh.forEach(descriptor -> say("new: " + text(descriptor)));
      String name = known.getFileName().toString();
      expect("the file " + name, fresh, Kind.FILE, one -> one.target().endsWith(name));
      String listening = ":" + server.getLocalPort();
      expect("the server socket " + listening, fresh, Kind.SOCKET_TCP, at(listening));
      String bound = ":" + datagram.getLocalPort();
      expect("the datagram socket " + bound, fresh, Kind.SOCKET_UDP, at(bound));
      boolean windows = System.getProperty("os.name").startsWith("Windows");
      Kind port = windows ? Kind.IO_COMPLETION : Kind.EVENTPOLL;
      expect("the selector", fresh, port, one -> true);
      String directory = list.getFileName().toString();
      Predicate<Descriptor> listing = one -> one.target().endsWith(directory);
      // Linux has one more, which leads relative paths (UnixSecureDirectoryStream).
      expect("the listed directory " + directory, windows ? 1 : 2, fresh, Kind.DIRECTORY, listing);
    } finally {
      Files.deleteIfExists(known);
      Files.deleteIfExists(list);
    }
    long left =
        descriptors.snapshot().descriptors().stream()
            .filter(one -> one.target().endsWith(known.getFileName().toString()))
            .count();
    verdict(left == 0, "the file is gone from the list when it is closed");
  }

  private static Predicate<Descriptor> at(String port) {
    return one -> {
      Socket socket = one.socket();
      return socket != null && socket.local().endsWith(port);
    };
  }

  private void expect(
      String what, List<Descriptor> fresh, Kind kind, Predicate<Descriptor> condition) {
    expect(what, 1, fresh, kind, condition);
  }

  private void expect(
      String what, int times, List<Descriptor> fresh, Kind kind, Predicate<Descriptor> condition) {
    long found = fresh.stream().filter(one -> one.kind() == kind).filter(condition).count();
    String often = times == 1 ? "once" : times + " times";
    verdict(
        found == times,
        what + " is seen " + often + ", as " + kind.label() + (found == times ? "" : ": " + found));
  }

  private void doors() throws IOException {
    DoorCheck.Result result = DoorCheck.ofThisJdk();
    result.missing().forEach(door -> say("door not in this JDK: " + door));
    verdict(
        result.classes() > 0 && result.whole() * 2 > result.classes(),
        "of %d classes with doors %d have all of them".formatted(result.classes(), result.whole()));
  }

  private void system() {
    int counted = descriptors.count();
    List<Descriptor> all = descriptors.snapshot().descriptors();
    verdict(
        counted > 0 && Math.abs(counted - all.size()) <= Math.max(8, all.size() / 10),
        "the system counts " + counted + ", the list has " + all.size());
    all.forEach(descriptor -> say("open: " + text(descriptor)));
    descriptors.blind().forEach(blind -> say("blind: " + blind.what() + ": " + blind.why()));
    descriptors
        .failures()
        .forEach(one -> say("failed: " + one.operation() + " " + one.errno() + " x" + one.count()));
  }

  private void verdict(boolean good, String what) {
    say((good ? "ok: " : "FAILED: ") + what);
    if (!good) {
      failed.add(what);
    }
  }

  private void say(String line) {
    lines.add(line);
  }

  private static String text(Descriptor descriptor) {
    Socket socket = descriptor.socket();
    return Integer.toHexString(descriptor.number())
        + " "
        + descriptor.kind().label()
        + " "
        + descriptor.target().replaceAll("\\p{Cntrl}", "?")
        + (socket == null
            ? ""
            : " " + socket.local() + " -> " + socket.remote() + " " + socket.state());
  }

  // By number: on Linux all selectors have the same inode.
  private static Map<Integer, Identity> identities(List<Descriptor> open) {
    Map<Integer, Identity> all = new HashMap<>();
    open.forEach(descriptor -> all.put(descriptor.number(), descriptor.identity()));
    return all;
  }
}
