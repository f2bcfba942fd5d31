package io.descry.os.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Descry knows of Windows' headers is what mingw-w64 reads out of them. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "Wine runs on Linux")
class StructuresTest {

  @ParameterizedTest
  @ValueSource(ints = {64, 32})
  void sizesAndOffsetsAreThoseOfTheHeaders(int bits) throws Exception {
    Map<String, Integer> ours = new TreeMap<>();
    for (StructLayout layout : new Structures(bits / 8).all()) {
      ours.put(layout.name(), layout.size());
      layout.offsets().forEach((member, at) -> ours.put(layout.name() + "." + member, at));
    }
    assertThat(ours)
        .isEqualTo(read(WineRun.directory().resolve("layouts" + bits + ".txt"), "layout"));
    assertThat(ours).hasSizeGreaterThan(100);
  }

  @Test
  void theProgramThatRanUnderWineWasCompiledWithTheLayoutsOf64Bits() throws Exception {
    Path made = WineRun.directory();
    assertThat(Files.readAllLines(made.resolve("run/layouts.txt")))
        .isEqualTo(Files.readAllLines(made.resolve("layouts64.txt")));
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 32})
  void numbersAreThoseOfTheHeaders(int bits) throws Exception {
    Map<String, Integer> theirs =
        read(WineRun.directory().resolve("layouts" + bits + ".txt"), "constant");
    assertThat(theirs)
        .contains(
            entry("SOL_SOCKET", SocketQueries.SOL_SOCKET),
            entry("SO_PROTOCOL_INFOW", SocketQueries.SO_PROTOCOL_INFOW),
            entry("AF_UNIX", SocketQueries.AF_UNIX),
            entry("AF_INET", SocketQueries.AF_INET),
            entry("AF_INET6", SocketQueries.AF_INET6),
            entry("SOCK_STREAM", SocketQueries.SOCK_STREAM),
            entry("SOCK_DGRAM", SocketQueries.SOCK_DGRAM),
            entry("IPPROTO_TCP", SocketQueries.IPPROTO_TCP),
            entry("IPPROTO_UDP", SocketQueries.IPPROTO_UDP),
            entry("WSAEINVAL", SocketQueries.WSAEINVAL),
            entry("WSAENOTSOCK", SocketQueries.WSAENOTSOCK),
            entry("WSAENOTCONN", SocketQueries.WSAENOTCONN),
            entry("FILE_TYPE_DISK", FileQueries.FILE_TYPE_DISK),
            entry("FILE_TYPE_CHAR", FileQueries.FILE_TYPE_CHAR),
            entry("FILE_TYPE_PIPE", FileQueries.FILE_TYPE_PIPE),
            entry("FILE_NAME_OPENED", FileQueries.FILE_NAME_OPENED),
            entry("FILE_ATTRIBUTE_DIRECTORY", FileQueries.FILE_ATTRIBUTE_DIRECTORY),
            entry("OBJ_INHERIT", HandleTable.OBJ_INHERIT),
            entry("TCP_TABLE_OWNER_PID_ALL", TcpTable.TCP_TABLE_OWNER_PID_ALL),
            entry("ERROR_INVALID_HANDLE", Status.ERROR_INVALID_HANDLE),
            entry("ERROR_INSUFFICIENT_BUFFER", Status.ERROR_INSUFFICIENT_BUFFER));
    Map<String, TcpState> states =
        Map.ofEntries(
            entry("CLOSED", TcpState.CLOSE),
            entry("LISTEN", TcpState.LISTEN),
            entry("SYN_SENT", TcpState.SYN_SENT),
            entry("SYN_RCVD", TcpState.SYN_RECV),
            entry("ESTAB", TcpState.ESTABLISHED),
            entry("FIN_WAIT1", TcpState.FIN_WAIT1),
            entry("FIN_WAIT2", TcpState.FIN_WAIT2),
            entry("CLOSE_WAIT", TcpState.CLOSE_WAIT),
            entry("CLOSING", TcpState.CLOSING),
            entry("LAST_ACK", TcpState.LAST_ACK),
            entry("TIME_WAIT", TcpState.TIME_WAIT),
            entry("DELETE_TCB", TcpState.DELETE_TCB));
    states.forEach(
        (name, state) ->
            assertThat(TcpState.of(theirs.get("MIB_TCP_STATE_" + name))).isEqualTo(state));
    assertThat(states).hasSize(TcpState.values().length);
    assertThat(theirs).hasSize(21 + states.size());
  }

  /** Lines of {@code what NAME NUMBER}. */
  private static Map<String, Integer> read(Path file, String what) throws IOException {
    Map<String, Integer> read = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] fields = line.split(" ");
      if (fields[0].equals(what)) {
        read.put(fields[1], Integer.valueOf(fields[2]));
      }
    }
    return read;
  }
}
