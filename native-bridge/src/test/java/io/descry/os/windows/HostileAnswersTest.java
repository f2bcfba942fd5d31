package io.descry.os.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.descry.os.Descriptor;
import io.descry.os.DescriptorSnapshot;
import io.descry.os.Kind;
import io.descry.os.Socket;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The adapter on answers that are short, torn, false, or never enough. */
class HostileAnswersTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private static WindowsProcessDescriptors adapter(NativeCalls calls) {
    return new WindowsProcessDescriptors(calls, null, LONG, LONG);
  }

  private static DescriptorSnapshot snapshot(NativeCalls calls) {
    try (WindowsProcessDescriptors adapter = adapter(calls)) {
      return adapter.snapshot();
    }
  }

  private static Map<Integer, Descriptor> seen(NativeCalls calls) {
    return snapshot(calls).descriptors().stream()
        .collect(Collectors.toMap(Descriptor::number, Function.identity()));
  }

  private static List<Integer> numbers(NativeCalls calls) {
    return snapshot(calls).descriptors().stream().map(Descriptor::number).toList();
  }

  private static List<String> failures(WindowsProcessDescriptors adapter) {
    return adapter.failures().stream().map(one -> one.operation() + " " + one.errno()).toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bothListsTellTheSame(boolean listsProcess) {
    FakeWindows windows = new FakeWindows();
    windows.listsProcess = listsProcess;
    Map<Integer, Descriptor> seen = seen(windows);
    assertThat(seen).containsOnlyKeys(4, 8, 12, 16, 20);
    assertThat(seen.get(4).target()).isEqualTo("\\BaseNamedObjects\\first");
    assertThat(seen.get(8).target()).isEqualTo("Event");
    assertThat(seen.get(8).kind()).isEqualTo(Kind.EVENT);
    assertThat(seen.get(12).target()).isEqualTo("C:\\Users\\x\\a.txt");
    assertThat(List.of(seen.get(12).device(), seen.get(12).inode())).containsExactly(99L, 12L);
    assertThat(seen.get(16).kind()).isEqualTo(Kind.PIPE);
    assertThat(seen.get(20).target()).isEqualTo("\\\\server\\share\\b.txt");
    assertThat(seen.get(8).inode()).isEqualTo(listsProcess ? 0 : 0xffff800000000008L);
  }

  @Test
  void theListOfAllProcessesIsAskedOnlyWhereTheOtherIsRefusedAndThenAlways() {
    FakeWindows windows = new FakeWindows();
    windows.listsProcess = false;
    try (WindowsProcessDescriptors adapter = adapter(windows)) {
      adapter.snapshot();
      assertThat(windows.lists).isEqualTo(2);
      adapter.snapshot();
      assertThat(windows.lists).isEqualTo(3);
      assertThat(failures(adapter))
          .containsExactly("NtQueryInformationProcess STATUS_INVALID_INFO_CLASS");
    }
  }

  @Test
  void aListThatIsGreaterThanTheRoomIsReadInTheEnd() {
    FakeWindows windows = new FakeWindows();
    for (int i = 1; i <= 10_000; i++) {
      windows.things.put(100 + 4 * i, FakeWindows.Thing.event(""));
    }
    assertThat(numbers(windows)).hasSize(10_005).isSorted();
    assertThat(windows.lists).isEqualTo(2);
  }

  @Test
  void aListThatGrowsWhileItIsAskedForIsReadInTheEnd() {
    FakeWindows windows =
        new FakeWindows() {
          @Override
          public int queryInformationProcess(int kind, long buffer, int size, long returned) {
            put32(returned, size + 40);
            return ++lists < 6
                ? Status.INFO_LENGTH_MISMATCH
                : list(processList(), buffer, size, returned);
          }
        };
    assertThat(numbers(windows)).hasSize(5);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, -1})
  void aListThatNeverFitsIsGivenUp(int says) {
    FakeWindows windows =
        new FakeWindows() {
          @Override
          public int queryInformationProcess(int kind, long buffer, int size, long returned) {
            lists++;
            assertThat(size).isLessThanOrEqualTo(HandleTable.GREATEST);
            put32(returned, says);
            return Status.INFO_LENGTH_MISMATCH;
          }
        };
    assertThatThrownBy(() -> snapshot(windows))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("do not fit into " + HandleTable.GREATEST + " bytes");
    assertThat(windows.lists).isLessThanOrEqualTo(17);
  }

  /** The answer that {@code change} makes of the true one. */
  private static FakeWindows listing(UnaryOperator<byte[]> change) {
    return new FakeWindows() {
      @Override
      byte[] processList() {
        return change.apply(super.processList());
      }
    };
  }

  private static UnaryOperator<byte[]> put64(int at, long value) {
    return list -> ByteBuffer.wrap(list).order(ByteOrder.LITTLE_ENDIAN).putLong(at, value).array();
  }

  @Test
  void aListThatIsNoneIsRefusedAsAWhole() {
    for (UnaryOperator<byte[]> change :
        List.<UnaryOperator<byte[]>>of(
            put64(0, 6),
            put64(0, -1),
            put64(0, Long.MAX_VALUE),
            put64(0, 1L << 32),
            put64(0, 0),
            list -> new byte[0],
            list -> Arrays.copyOf(list, 8),
            list -> Arrays.copyOf(list, list.length - 1))) {
      FakeWindows windows = listing(change);
      assertThatThrownBy(() -> snapshot(windows))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("a list");
    }
  }

  @Test
  void aLengthBeyondTheRoomIsRefused() {
    FakeWindows windows =
        new FakeWindows() {
          @Override
          public int queryInformationProcess(int kind, long buffer, int size, long returned) {
            int status = super.queryInformationProcess(kind, buffer, size, returned);
            put32(returned, -1);
            return status;
          }
        };
    assertThatThrownBy(() -> snapshot(windows)).isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void aListOfOtherProcessesOnlyIsRefused() {
    FakeWindows windows =
        new FakeWindows() {
          @Override
          public int processId() {
            return 1;
          }
        };
    windows.listsProcess = false;
    assertThatThrownBy(() -> snapshot(windows))
        .hasMessageContaining("without a handle of this process");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE, 1L << 32, 0x80000000L})
  void aHandleThatIsNoneIsLeftOutAndCounted(long handle) {
    FakeWindows windows = listing(put64(16 + 40, handle));
    try (WindowsProcessDescriptors adapter = adapter(windows)) {
      assertThat(adapter.snapshot().descriptors())
          .extracting(Descriptor::number)
          .containsExactly(4, 12, 16, 20);
      assertThat(failures(adapter)).containsExactly("list of handles a handle that is none");
    }
  }

  @Test
  void noAnswerOfAnyBytesDoesHarm() {
    Random random = new Random(9);
    int read = 0;
    for (int run = 0; run < 200; run++) {
      FakeWindows windows =
          listing(
              list -> {
                byte[] torn =
                    Arrays.copyOf(
                        list, random.nextInt(10) == 0 ? random.nextInt(list.length) : list.length);
                for (int i = random.nextInt(4); i > 0 && torn.length > 0; i--) {
                  torn[random.nextInt(torn.length)] = (byte) random.nextInt();
                }
                return torn;
              });
      try {
        read += snapshot(windows).descriptors().isEmpty() ? 0 : 1;
      } catch (UncheckedIOException e) {
        assertThat(e).hasMessageContaining("a list");
      }
    }
    assertThat(read).isBetween(40, 199);
  }

  /** Texts that lie elsewhere than in the answer, by length and by distance from its start. */
  @Test
  void aTextOutsideOfTheAnswerIsNotRead() {
    for (long[] lie :
        new long[][] {
          {10, 0},
          {10, -1},
          {10, -100_000_000},
          {10, 1L << 40},
          {11, 16},
          {0xffff, 16},
          {0xfffe, 16},
          {10, 0x10000},
        }) {
      FakeWindows windows =
          new FakeWindows() {
            @Override
            public int queryObject(long handle, int kind, long buffer, int size, long returned) {
              put32(returned, 24);
              long at = lie[1] == 0 ? 0 : buffer + lie[1];
              write(buffer, buffer(24).putLong(lie[0]).putLong(at).array());
              return Status.SUCCESS;
            }
          };
      try (WindowsProcessDescriptors adapter = adapter(windows)) {
        assertThat(adapter.snapshot().descriptors())
            .hasSize(5)
            .allMatch(one -> one.kind() == Kind.OTHER && one.target().isEmpty());
        assertThat(failures(adapter)).containsExactly("NtQueryObject text outside of the answer");
      }
    }
  }

  @Test
  void whatHasANameThatIsNotToldIsCalledByItsType() {
    FakeWindows windows = new FakeWindows();
    windows.things.put(24, FakeWindows.Thing.event(null));
    windows.things.put(28, FakeWindows.Thing.file(null));
    windows.things.put(32, FakeWindows.Thing.event("\ud800 half\u0000 a name"));
    windows.things.put(36, new FakeWindows.Thing(99, null, "\\x", 0));
    windows.things.put(40, new FakeWindows.Thing(5, "Token", "", 0));
    try (WindowsProcessDescriptors adapter = adapter(windows)) {
      Map<Integer, Descriptor> seen =
          adapter.snapshot().descriptors().stream()
              .collect(Collectors.toMap(Descriptor::number, Function.identity()));
      assertThat(seen.get(24).target()).isEqualTo("Event");
      assertThat(List.of(seen.get(28).kind(), seen.get(28).target()))
          .containsExactly(Kind.FILE, "File");
      assertThat(seen.get(32).target()).isEqualTo("\ud800 half\u0000 a name");
      assertThat(List.of(seen.get(36).kind(), seen.get(36).target()))
          .containsExactly(Kind.OTHER, "");
      assertThat(List.of(seen.get(40).kind(), seen.get(40).target()))
          .containsExactly(Kind.OTHER, "Token");
      assertThat(failures(adapter)).containsExactly("NtQueryObject STATUS_ACCESS_DENIED");
    }
  }

  @Test
  void aTypeThatWasAskedByAHandleInOtherUseIsNotKept() {
    FakeWindows windows = new FakeWindows();
    windows.things.keySet().removeIf(handle -> handle != 4 && handle != 12);
    FakeWindows.Thing event = windows.things.get(4);
    try (WindowsProcessDescriptors adapter = adapter(windows)) {
      // In the list it is an event still; when it is asked, the number is another's.
      windows.things.put(4, new FakeWindows.Thing(event.type(), "Mutant", "", 0));
      assertThat(adapter.snapshot().descriptors().get(0).kind()).isEqualTo(Kind.MUTANT);
      windows.things.put(4, event);
      for (int i = 0; i < 3; i++) {
        assertThat(adapter.snapshot().descriptors().get(0).kind()).isEqualTo(Kind.EVENT);
      }
    }
  }

  /** A Windows with one TCP socket, 127.0.0.1:80 to 127.0.0.1:9, and a table that a test gives. */
  private static class WithSocket extends FakeWindows {
    int infoLength = 628;
    int nameLength = 16;
    byte[] table = table(1);

    WithSocket() {
      things.put(24, Thing.pipe("\\Device\\Afd"));
    }

    static byte[] table(int count) {
      return buffer(28)
          .putInt(count)
          .putInt(8)
          .putInt(0x0100007f)
          .putInt(0x5000)
          .putInt(0x0100007f)
          .putInt(0x0900)
          .putInt(PROCESS)
          .array();
    }

    @Override
    public int socketOption(long handle, int level, int option, long value, long length) {
      write(value, buffer(628).putInt(76, 2).putInt(88, 1).putInt(92, 6).array());
      put32(length, infoLength);
      return 0;
    }

    @Override
    public int socketName(long handle, long address, long length) {
      return address(80, address, length);
    }

    @Override
    public int peerName(long handle, long address, long length) {
      return address(9, address, length);
    }

    private int address(int port, long address, long length) {
      byte[] name = {2, 0, 0, (byte) port, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0};
      write(address, name);
      put32(length, nameLength);
      return 0;
    }

    @Override
    public int tcpTable(long buffer, long size, int family, int tableClass) {
      if (family != SocketQueries.AF_INET) {
        return super.tcpTable(buffer, size, family, tableClass);
      }
      write(buffer, table);
      return 0;
    }
  }

  @Test
  void aConnectionHasTheStateOfItsRow() {
    Socket socket = seen(new WithSocket()).get(24).socket();
    assertThat(List.of(socket.protocol(), socket.local(), socket.remote(), socket.state()))
        .containsExactly("tcp", "127.0.0.1:80", "127.0.0.1:9", "CLOSE_WAIT");
    assertThat(socket.stage()).isEqualTo(Socket.Stage.PEER_FINISHED);
  }

  /** A listener of IPv6, whose row has its peer's port and a scope as chance will have it. */
  @Test
  void aListenerOfIpV6HasTheStateOfItsRow() {
    WithSocket windows =
        new WithSocket() {
          @Override
          public int socketOption(long handle, int level, int option, long value, long length) {
            write(value, buffer(628).putInt(76, 23).putInt(88, 1).putInt(92, 6).array());
            put32(length, 628);
            return 0;
          }

          @Override
          public int socketName(long handle, long address, long length) {
            write(
                address, buffer(28).put(0, (byte) 23).put(3, (byte) 80).put(23, (byte) 1).array());
            put32(length, 28);
            return 0;
          }

          @Override
          public int peerName(long handle, long address, long length) {
            return -1; // WSAENOTCONN
          }

          @Override
          public int lastError() {
            return SocketQueries.WSAENOTCONN;
          }

          @Override
          public int tcpTable(long buffer, long size, int family, int tableClass) {
            byte[] rows =
                buffer(4 + 56)
                    .putInt(0, 1)
                    .put(4 + 15, (byte) 1)
                    .putInt(4 + 16, -1)
                    .putInt(4 + 20, 0x5000)
                    .putInt(4 + 44, 0x1234)
                    .putInt(4 + 48, 2)
                    .putInt(4 + 52, PROCESS)
                    .array();
            write(buffer, family == SocketQueries.AF_INET6 ? rows : new byte[4]);
            return 0;
          }
        };
    Socket socket = seen(windows).get(24).socket();
    assertThat(List.of(socket.protocol(), socket.local(), socket.remote(), socket.state()))
        .containsExactly("tcp6", "[::1]:80", "", "LISTEN");
    assertThat(socket.stage()).isEqualTo(Socket.Stage.LISTENING);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 8, 15, 28, 1 << 30, -1})
  void anAddressOfAFalseLengthIsReadNoFurtherThanItIs(int length) {
    WithSocket windows = new WithSocket();
    windows.nameLength = length;
    Socket socket = seen(windows).get(24).socket();
    assertThat(socket.local()).isEqualTo(length == 28 ? "127.0.0.1:80" : "");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 627, 1 << 20, -1})
  void aSocketOfAFalseInformationIsNoneThatDescryKnows(int length) {
    WithSocket windows = new WithSocket();
    windows.infoLength = length;
    Descriptor seen = seen(windows).get(24);
    assertThat(List.of(seen.kind(), seen.target())).containsExactly(Kind.OTHER, "\\Device\\Afd");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1 << 20})
  void aTableOfMoreRowsThanMemoryTellsNothing(int count) {
    WithSocket windows = new WithSocket();
    windows.table = WithSocket.table(count);
    try (WindowsProcessDescriptors adapter = adapter(windows)) {
      Socket socket =
          adapter.snapshot().descriptors().stream()
              .filter(one -> one.number() == 24)
              .findFirst()
              .orElseThrow()
              .socket();
      assertThat(List.of(socket.state(), socket.stage())).containsExactly("", Socket.Stage.UNKNOWN);
      assertThat(failures(adapter)).containsExactly("GetExtendedTcpTable more rows than memory");
    }
  }

  @Test
  void aTableThatNeverFitsIsGivenUp() {
    int[] asked = {0};
    WithSocket windows =
        new WithSocket() {
          @Override
          public int tcpTable(long buffer, long size, int family, int tableClass) {
            asked[0]++;
            put32(size, -1);
            return Status.ERROR_INSUFFICIENT_BUFFER;
          }
        };
    try (WindowsProcessDescriptors adapter = adapter(windows)) {
      assertThat(adapter.snapshot().descriptors()).hasSize(6);
      assertThat(failures(adapter))
          .containsExactly("GetExtendedTcpTable ERROR_INSUFFICIENT_BUFFER");
    }
    assertThat(asked[0]).isLessThanOrEqualTo(34);
  }

  @Test
  void whatIsDescrysOwnIsLeftOut() {
    try (WindowsProcessDescriptors adapter = adapter(new FakeWindows())) {
      adapter.own(8);
      assertThat(adapter.count()).isEqualTo(4);
      assertThat(adapter.snapshot().own()).isEqualTo(1);
      assertThat(adapter.snapshot().descriptors()).hasSize(4);
      adapter.disown(8);
      assertThat(adapter.count()).isEqualTo(5);
    }
  }

  @Test
  void closedItAnswersAndAsksNothing() {
    FakeWindows windows = new FakeWindows();
    WindowsProcessDescriptors adapter = adapter(windows);
    adapter.close();
    adapter.close();
    assertThat(adapter.count()).isEqualTo(-1);
    assertThat(adapter.snapshot().descriptors()).isEmpty();
    assertThat(adapter.libraries()).isEmpty();
    assertThat(adapter.isClosed(4)).isFalse();
    assertThat(windows.lists).isZero();
  }

  @Test
  void theLimitIsWindowsQuotaAndNothingIsExhausted() {
    try (WindowsProcessDescriptors adapter = adapter(new FakeWindows())) {
      assertThat(adapter.limits().soft()).isEqualTo(16_777_216);
      assertThat(adapter.limits().hard()).isEqualTo(16_777_216);
      assertThat(adapter.exhausted()).isFalse();
    }
  }
}
