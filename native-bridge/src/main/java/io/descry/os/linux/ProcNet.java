package io.descry.os.linux;

import io.descry.os.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * Sockets by inode, from the tables under /proc/self/net: all of this process's network namespace,
 * none of another, and none that is not bound (proc_net(5), Documentation/networking/proc_net_tcp).
 */
final class ProcNet {
  private final Map<Long, Socket> byInode = new HashMap<>();

  /** The socket of that inode; {@code null} when no table has it. */
  Socket socket(long inode) {
    return byInode.get(inode);
  }

  /**
   * Takes in one table.
   *
   * @param protocol {@code tcp}, {@code tcp6}, {@code udp}, {@code udp6} or {@code unix}
   */
  void add(String protocol, String table) {
    table
        .lines()
        .skip(1)
        .map(String::strip)
        .forEach(
            line -> {
              if (protocol.equals("unix")) {
                unix(line);
              } else {
                inet(protocol, line.split(" +"));
              }
            });
  }

  /** {@code sl local remote st tx:rx tr:when retrnsmt uid timeout inode ...}. */
  private void inet(String protocol, String[] fields) {
    if (fields.length < 10) {
      return;
    }
    int state = Integer.parseInt(fields[3], 16);
    boolean tcp = protocol.startsWith("tcp");
    boolean listens = tcp && state == TcpState.LISTEN.ordinal() + 1;
    String[] queues = fields[4].split(":");
    byInode.put(
        Long.parseLong(fields[9]),
        new Socket(
            protocol,
            address(fields[1]),
            address(fields[2]),
            tcp ? TcpState.name(state) : "",
            listens ? -1 : Long.parseLong(queues[1], 16),
            listens ? -1 : Long.parseLong(queues[0], 16),
            -1));
  }

  /** {@code num refcount protocol flags type st inode path}; the path may be missing. */
  private void unix(String line) {
    String[] fields = line.split(" +", 8);
    if (fields.length < 7 || !fields[0].endsWith(":")) {
      return; // the rest of a path with a line break in it
    }
    String path = fields.length == 8 ? fields[7] : "";
    byInode.put(Long.parseLong(fields[6]), new Socket("unix", path, "", "", -1, -1, -1));
  }

  /** The kernel prints an address as 32-bit words of its own byte order. */
  private static String address(String field) {
    int colon = field.indexOf(':');
    ByteBuffer bytes = ByteBuffer.allocate(colon / 2).order(ByteOrder.nativeOrder());
    for (int at = 0; at < colon; at += 8) {
      bytes.putInt(Integer.parseUnsignedInt(field, at, at + 8, 16));
    }
    return Addresses.inet(bytes.array(), Integer.parseInt(field, colon + 1, field.length(), 16));
  }
}
