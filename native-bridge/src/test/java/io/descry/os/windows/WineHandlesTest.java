package io.descry.os.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Answer;
import io.descry.os.Descriptor;
import io.descry.os.Failures;
import io.descry.os.Kind;
import io.descry.os.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The adapter reads what Wine's ntdll, kernel32, ws2_32 and iphlpapi wrote for a real process. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "Wine runs on Linux")
class WineHandlesTest {
  /** A line of opened.txt. */
  private record Opened(int number, String type, String kind, boolean inherited, String target) {
    static Opened of(String line) {
      String[] fields = line.split("\t", -1);
      return new Opened(
          Integer.parseInt(fields[0], 16), fields[1], fields[2], fields[3].equals("1"), fields[4]);
    }
  }

  private RecordedCalls calls;
  private WindowsProcessDescriptors adapter;
  private List<Opened> opened;

  @BeforeEach
  void readTheRun() throws Exception {
    Path run = WineRun.directory().resolve("run");
    calls = new RecordedCalls(run.resolve("calls.txt"));
    opened = Files.readAllLines(run.resolve("opened.txt")).stream().map(Opened::of).toList();
    adapter =
        new WindowsProcessDescriptors(calls, null, Duration.ofMinutes(1), Duration.ofMinutes(1));
  }

  @AfterEach
  void close() {
    adapter.close();
  }

  private Map<Integer, Descriptor> seen() {
    return adapter.snapshot().descriptors().stream()
        .collect(Collectors.toMap(Descriptor::number, Function.identity()));
  }

  @Test
  void theListIsTheOneThatTheProgramReadByCsStructures() {
    assertThat(new TreeSet<>(seen().keySet())).isEqualTo(calls.handles());
    assertThat(calls.handles()).hasSizeGreaterThan(opened.size());
    assertThat(adapter.count()).isEqualTo(calls.handles().size());
  }

  @Test
  void everyHandleThatTheProgramOpenedIsThereWithItsTypeKindAndInheritance() {
    Map<Integer, Descriptor> seen = seen();
    ObjectQueries queries = new ObjectQueries(calls, new Structures(8), new Failures());
    assertThat(opened).hasSizeGreaterThan(25);
    for (Opened one : opened) {
      Descriptor descriptor = seen.get(one.number());
      assertThat(descriptor).as(one.toString()).isNotNull();
      assertThat(queries.type(one.number())).as(one.toString()).isEqualTo(one.type());
      assertThat(descriptor.kind().label()).as(one.toString()).isEqualTo(one.kind());
      assertThat(descriptor.facts().closeOnExec())
          .as(one.toString())
          .isEqualTo(Answer.of(!one.inherited()));
    }
    queries.close();
    assertThat(opened.stream().map(Opened::kind).collect(Collectors.toSet()))
        .containsAll(
            Set.of(
                "file",
                "directory",
                "device",
                "pipe",
                "socket.tcp",
                "socket.udp",
                "event",
                "semaphore",
                "mutant",
                "timer",
                "iocompletion",
                "section",
                "thread",
                "process",
                "key",
                "other"));
  }

  @Test
  void filesHaveThePathThatTheyWereOpenedByAndAnInodeEach() {
    Map<Integer, Descriptor> seen = seen();
    Set<Long> inodes = new TreeSet<>();
    for (Opened one : opened) {
      if (one.kind().equals("file") || one.kind().equals("directory")) {
        Descriptor descriptor = seen.get(one.number());
        assertThat(descriptor.target()).isEqualTo(one.target());
        assertThat(descriptor.facts().deleted()).isEqualTo(Answer.NO);
        assertThat(inodes.add(descriptor.inode())).as(one.toString()).isTrue();
      }
    }
    assertThat(inodes).hasSize(4).doesNotContain(0L);
  }

  @Test
  void whatHasANameHasItAsTargetAndWhatHasNoneItsType() {
    Map<Integer, Descriptor> seen = seen();
    for (Opened one : opened) {
      String target = seen.get(one.number()).target();
      switch (one.kind()) {
        case "file", "directory", "socket.tcp", "socket.udp" -> {}
        case "pipe" ->
            assertThat(target).startsWith("\\Device\\NamedPipe\\").endsWith(one.target());
        case "device" -> assertThat(target).isNotEmpty();
        default -> {
          if (one.target().isEmpty()) {
            assertThat(target).isEqualTo(one.type());
          } else {
            assertThat(target).endsWith(one.target());
          }
        }
      }
    }
  }

  @Test
  void socketsHaveTheirAddressesAndTheStateOfTheirConnection() {
    Map<Integer, Descriptor> seen = seen();
    Set<String> states = new TreeSet<>();
    for (Opened one : opened) {
      if (one.kind().equals("socket.tcp")) {
        Socket socket = seen.get(one.number()).socket();
        assertThat(or(socket.local()) + " " + or(socket.remote()) + " " + or(socket.state()))
            .as(one.toString())
            .isEqualTo(one.target());
        Socket.Stage stage =
            switch (socket.state()) {
              case "LISTEN" -> Socket.Stage.LISTENING;
              case "CLOSE_WAIT" -> Socket.Stage.PEER_FINISHED;
              case "" -> socket.local().isEmpty() ? Socket.Stage.CREATED : Socket.Stage.UNKNOWN;
              default -> Socket.Stage.CONNECTED;
            };
        assertThat(socket.stage()).isEqualTo(stage);
        assertThat(seen.get(one.number()).facts().peerGone())
            .isEqualTo(
                stage == Socket.Stage.UNKNOWN
                    ? Answer.UNKNOWN
                    : Answer.of(stage == Socket.Stage.PEER_FINISHED));
        states.add(socket.state());
      } else if (one.kind().equals("socket.udp")) {
        Socket socket = seen.get(one.number()).socket();
        assertThat(socket.local()).isEqualTo(one.target());
        assertThat(socket.stage()).isEqualTo(Socket.Stage.BOUND);
      }
    }
    assertThat(states).containsExactly("", "CLOSE_WAIT", "ESTABLISHED", "LISTEN");
  }

  private static String or(String text) {
    return text.isEmpty() ? "-" : text;
  }

  @Test
  void nothingThatWineAnsweredIsUnreadable() {
    seen();
    // Where connections of the machine come and go while Wine lists them, it is out of memory (14).
    assertThat(adapter.failures())
        .extracting(failure -> failure.operation() + " " + failure.errno())
        .filteredOn(failure -> !failure.equals("GetExtendedTcpTable 14"))
        .containsExactly("NtQueryInformationProcess STATUS_INVALID_INFO_CLASS");
  }

  @Test
  void withTooLittleRoomNtdllSaysHowMuchItWants() {
    assertThat(calls.tooSmall()).isEqualTo("STATUS_INFO_LENGTH_MISMATCH, says how much");
  }

  @Test
  void theProgramIsAmongTheModulesAndWindowsIsNot() {
    assertThat(new LoadedModules(calls, List.of("C:\\Windows")).foreign())
        .singleElement()
        .asString()
        .startsWith("Z:\\")
        .endsWith("\\opens.exe");
    assertThat(new LoadedModules(calls, List.of()).foreign())
        .anyMatch(path -> path.toLowerCase().endsWith("\\ntdll.dll"));
  }

  @Test
  void theHandleOfADirectoryThatIsSearchedStandsBehindItsAddress() throws Exception {
    Path searched = WineRun.directory().resolve("run");
    int offset = SearchBlock.handleAt(calls.search(), adapter.snapshot(), searched);
    assertThat(offset).as("after a word of Wine's own").isEqualTo(8);
    int number = (int) calls.search()[1];
    assertThat(seen().get(number).target()).endsWith("\\run");
    assertThat(opened)
        .as("not the one that was opened as such")
        .noneMatch(one -> one.number() == number);
    assertThat(SearchBlock.handleAt(calls.search(), adapter.snapshot(), searched.getParent()))
        .isEqualTo(SearchBlock.UNKNOWN);
  }

  @Test
  void aHandleIsClosedWhenWindowsSaysSo() {
    assertThat(adapter.isClosed(opened.get(0).number())).isFalse();
    assertThat(adapter.isClosed(0x7ffc)).isTrue();
    assertThat(seen().values()).noneMatch(one -> one.kind() == Kind.FILE && one.number() == 0x7ffc);
  }
}
