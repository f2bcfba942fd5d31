package io.descry.os.linux;

import io.descry.os.Addresses;
import io.descry.os.Answer;
import io.descry.os.Socket;
import io.descry.os.Socket.Stage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sockets by inode, from the tables under /proc/self/net: all of this process's network namespace,
 * none of another, and none that is not bound (proc_net(5), Documentation/networking/proc_net_tcp).
 */
final class ProcNet {
  private static final int ACCEPTS = 0x10000; // __SO_ACCEPTCON of include/linux/net.h
  private static final int SS_CONNECTED = 3; // include/uapi/linux/net.h
  private static final Pattern UNIX =
      Pattern.compile(
          "[0-9A-Fa-f]+: [0-9A-F]+ [0-9A-F]+ (?<flags>[0-9A-F]{8}) [0-9A-F]{4}"
              + " (?<state>[0-9A-F]{2}) +(?<inode>[0-9]{1,18})( (?<path>.*))?");

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
            -1,
            tcp ? TcpState.stage(state) : udp(state),
            -1,
            -1,
            Answer.UNKNOWN));
  }

  /** The table has none that is not bound; a connected one is called ESTABLISHED there. */
  private static Stage udp(int state) {
    return state == TcpState.ESTABLISHED.ordinal() + 1 ? Stage.CONNECTED : Stage.BOUND;
  }

  /** {@code num refcount protocol flags type st inode path}; the path may be missing. */
  private void unix(String line) {
    Matcher row = UNIX.matcher(line);
    if (!row.matches()) {
      return; // the rest of a path with a line break in it
    }
    String path = row.group("path") == null ? "" : row.group("path");
    Stage stage;
    if ((Long.parseLong(row.group("flags"), 16) & ACCEPTS) != 0) {
      stage = Stage.LISTENING;
    } else if (Integer.parseInt(row.group("state"), 16) == SS_CONNECTED) {
      stage = Stage.UNKNOWN; // the table says the same when the peer is gone
    } else {
      stage = path.isEmpty() ? Stage.CREATED : Stage.BOUND;
    }
    byInode.put(
        Long.parseLong(row.group("inode")),
        new Socket("unix", path, "", "", -1, -1, -1, stage, -1, -1, Answer.UNKNOWN));
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
