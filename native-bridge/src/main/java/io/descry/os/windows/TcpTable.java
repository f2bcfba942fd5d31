package io.descry.os.windows;

import io.descry.os.Addresses;
import io.descry.os.Failures;
import java.util.HashMap;
import java.util.Map;

/**
 * The states of this process's TCP sockets, by their addresses: GetExtendedTcpTable lists those of
 * all processes, read in place. For one thread at a time.
 */
final class TcpTable implements AutoCloseable {
  /** TCP_TABLE_OWNER_PID_ALL of iphlpapi's TCP_TABLE_CLASS. */
  static final int TCP_TABLE_OWNER_PID_ALL = 5;

  private static final int FIRST = 16 << 10;
  private static final int GREATEST = 64 << 20;
  private static final int ATTEMPTS = 16;

  private final NativeCalls calls;
  private final Structures structures;
  private final Failures failures;
  private final NativeBlock block = new NativeBlock(FIRST);
  private final NativeBlock size = new NativeBlock(4);
  private final int processId;
  private final Map<String, TcpState> states = new HashMap<>();

  TcpTable(NativeCalls calls, Structures structures, Failures failures) {
    this.calls = calls;
    this.structures = structures;
    this.failures = failures;
    this.processId = calls.processId();
  }

  /** Reads both tables, of IPv4 and of IPv6, anew; what Windows refuses is left unknown. */
  void read() {
    states.clear();
    read(
        SocketQueries.AF_INET,
        structures.tcpTable,
        structures.tcpRow,
        "dwLocalAddr",
        "dwRemoteAddr",
        4);
    read(
        SocketQueries.AF_INET6,
        structures.tcp6Table,
        structures.tcp6Row,
        "ucLocalAddr",
        "ucRemoteAddr",
        16);
  }

  /** The state of the socket of these addresses; {@code null} when no table has it. */
  TcpState state(SocketNames socket) {
    TcpState state = states.get(key(socket.local(), socket.remote()));
    return state == null && socket.remote().isEmpty() ? states.get(socket.local()) : state;
  }

  private static String key(String local, String remote) {
    return local + ' ' + remote;
  }

  private void read(
      int family, StructLayout table, StructLayout row, String local, String remote, int length) {
    int error = query(family);
    if (error != 0) {
      failures.count("GetExtendedTcpTable", Status.error(error));
      return;
    }
    int first = table.offset("table");
    long count = block.u32(table.offset("dwNumEntries"));
    if (count > (block.size() - first) / row.size()) {
      failures.count("GetExtendedTcpTable", "more rows than memory");
      return;
    }
    for (int i = 0; i < count; i++) {
      int at = first + i * row.size();
      if (block.i32(at + row.offset("dwOwningPid")) != processId) {
        continue;
      }
      TcpState state = TcpState.of(block.i32(at + row.offset("dwState")));
      String own = address(at, row.offset(local), length, row.offset("dwLocalPort"));
      if (state == TcpState.LISTEN) {
        states.put(own, state); // What the row has as the other end means nothing.
      } else if (state != null) {
        states.put(
            key(own, address(at, row.offset(remote), length, row.offset("dwRemotePort"))), state);
      }
    }
  }

  private String address(int row, int address, int length, int port) {
    return Addresses.inet(
        block.copy(row + address, length), SocketQueries.networkOrder(block, row + port));
  }

  private int query(int family) {
    for (int attempt = 0; ; attempt++) {
      size.put32(0, block.size());
      int error = calls.tcpTable(block.address(), size.address(), family, TCP_TABLE_OWNER_PID_ALL);
      if (error != Status.ERROR_INSUFFICIENT_BUFFER
          || block.size() >= GREATEST
          || attempt == ATTEMPTS) {
        return error;
      }
      long wanted = size.u32(0) + size.u32(0) / 8;
      block.resize((int) Math.min(GREATEST, Math.max(2L * block.size(), wanted)));
    }
  }

  @Override
  public void close() {
    block.close();
    size.close();
  }
}
