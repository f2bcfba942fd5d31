package io.descry.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Kind;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs the commands that a report names, against this very process. */
@EnabledOnOs(OS.LINUX)
class CommandsTest {
  private final Commands commands = Commands.of(ProcessHandle.current().pid());

  @Test
  void countWhatIsOpen() throws Exception {
    int epolls = number(commands.count(Kind.EVENTPOLL));
    int inotifies = number(commands.count(Kind.INOTIFY));
    int pipes = number(commands.count(Kind.PIPE));
    int files = number(commands.count(Kind.FILE));
    int all = number(commands.all());
    Pipe pipe = Pipe.open();
    try (Selector selector = Selector.open();
        var watch = FileSystems.getDefault().newWatchService();
        var file = new FileInputStream("/proc/self/status");
        var source = pipe.source();
        var sink = pipe.sink()) {
      assertThat(selector.isOpen() && file.getFD().valid()).isTrue();
      assertThat(watch).isNotNull();
      assertThat(source.isOpen() && sink.isOpen()).isTrue();
      assertThat(number(commands.count(Kind.EVENTPOLL))).isGreaterThan(epolls);
      assertThat(number(commands.count(Kind.EVENTFD)) + number(commands.count(Kind.PIPE)))
          .isGreaterThan(pipes);
      assertThat(number(commands.count(Kind.INOTIFY))).isGreaterThan(inotifies);
      assertThat(number(commands.count(Kind.FILE))).isGreaterThan(files);
      assertThat(number(commands.all())).isGreaterThan(all);
    }
  }

  @Test
  void countSockets() throws Exception {
    // From iproute2, which a user's machine may lack; on CI it must be there.
    Assumptions.assumeTrue(
        "true".equals(System.getenv("CI")) || !run("command -v ss || true").isBlank(),
        "no command ss");
    int tcp = number(commands.count(Kind.SOCKET_TCP));
    int udp = number(commands.count(Kind.SOCKET_UDP));
    try (ServerSocket server = new ServerSocket(0);
        DatagramSocket datagram = new DatagramSocket(0)) {
      assertThat(server.isBound() && datagram.isBound()).isTrue();
      assertThat(number(commands.count(Kind.SOCKET_TCP))).isGreaterThan(tcp);
      assertThat(number(commands.count(Kind.SOCKET_UDP))).isGreaterThan(udp);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyKindCountsToANumber(Kind kind) throws Exception {
    assertThat(run(commands.count(kind)).strip()).matches("\\d+");
  }

  @Test
  void showLibrariesAndLimit() throws Exception {
    assertThat(run(commands.libraries())).contains("libjvm.so");
    assertThat(run(commands.limit())).startsWith("Max open files");
  }

  private static int number(String command) throws IOException, InterruptedException {
    return Integer.parseInt(run(command).strip());
  }

  private static String run(String command) throws IOException, InterruptedException {
    // ls complains of numbers that are closed while it lists; that is not the command's answer.
    Process process =
        new ProcessBuilder("sh", "-c", command)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}
