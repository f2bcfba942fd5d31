package io.descry.os.windows;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Answers as Wine answered opens.c, see there for the file. */
final class RecordedCalls implements NativeCalls {
  private static final int BUFFER = 8;

  private record Call(String function, long handle, int informationClass) {}

  private record Reply(int result, int error, int returned, long base, byte[] bytes) {}

  private final Map<Call, Reply> replies = new HashMap<>();
  private final ThreadLocal<Integer> error = ThreadLocal.withInitial(() -> 0);

  RecordedCalls(Path file) throws IOException {
    for (String line : Files.readAllLines(file)) {
      String[] fields = line.split(" ");
      byte[] bytes = fields[7].equals("-") ? new byte[0] : HexFormat.of().parseHex(fields[7]);
      replies.put(
          new Call(fields[0], hex(fields[1]), (int) hex(fields[2])),
          new Reply(
              (int) hex(fields[3]),
              (int) hex(fields[4]),
              (int) hex(fields[5]),
              hex(fields[6]),
              bytes));
    }
  }

  private static long hex(String field) {
    return Long.parseUnsignedLong(field, 16);
  }

  /** The handles that the program read out of the list by C's structures. */
  Set<Integer> handles() {
    Set<Integer> handles = new TreeSet<>();
    for (Call call : replies.keySet()) {
      if (call.function().equals("NtQueryObject")) {
        handles.add((int) call.handle());
      }
    }
    return handles;
  }

  /** What the program was answered when it gave 64 bytes for the list of all handles. */
  String tooSmall() {
    Reply reply =
        reply("NtQuerySystemInformation", 0, HandleTable.SYSTEM_EXTENDED_HANDLE_INFORMATION);
    return Status.name(reply.result()) + (reply.returned() > 64 ? ", says how much" : "");
  }

  /** The first words behind what FindFirstFileW gave out. */
  long[] search() {
    ByteBuffer bytes =
        ByteBuffer.wrap(reply("FindFirstFileW", 0, 0).bytes()).order(ByteOrder.LITTLE_ENDIAN);
    return new long[] {bytes.getLong(), bytes.getLong()};
  }

  private Reply reply(String function, long handle, int informationClass) {
    Reply reply = replies.get(new Call(function, handle, informationClass));
    if (reply == null) {
      throw new AssertionError("not asked under Wine: " + function + " of " + handle);
    }
    error.set(reply.error());
    return reply;
  }

  private int list(String function, int informationClass, long buffer, int size, long returned) {
    Reply reply = reply(function, 1, informationClass);
    put32(returned, reply.returned());
    if (reply.bytes().length > size) {
      return Status.INFO_LENGTH_MISMATCH;
    }
    write(buffer, reply.bytes());
    return reply.result();
  }

  private static void write(long address, byte[] bytes) {
    new Pointer(address).write(0, bytes, 0, bytes.length);
  }

  private static void put32(long address, int value) {
    new Pointer(address).setInt(0, value);
  }

  @Override
  public int querySystemInformation(int informationClass, long buffer, int size, long returned) {
    return list("NtQuerySystemInformation", informationClass, buffer, size, returned);
  }

  @Override
  public int queryInformationProcess(int informationClass, long buffer, int size, long returned) {
    return list("NtQueryInformationProcess", informationClass, buffer, size, returned);
  }

  @Override
  public int queryObject(long handle, int informationClass, long buffer, int size, long returned) {
    Reply reply = reply("NtQueryObject", handle, informationClass);
    put32(returned, reply.returned());
    byte[] bytes = reply.bytes().clone();
    if (bytes.length >= BUFFER + Long.BYTES) {
      // The text stands behind the structure, wherever that is.
      ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      long text = view.getLong(BUFFER);
      view.putLong(BUFFER, text == 0 ? 0 : text - reply.base() + buffer);
    }
    write(buffer, bytes);
    return reply.result();
  }

  @Override
  public int processHandleCount(long count) {
    Reply reply = reply("GetProcessHandleCount", 0, 0);
    put32(count, reply.returned());
    return reply.result();
  }

  @Override
  public int handleInformation(long handle, long flags) {
    error.set(Status.ERROR_INVALID_HANDLE);
    return handles().contains((int) handle) ? 1 : 0;
  }

  @Override
  public int fileType(long handle) {
    return reply("GetFileType", handle, 0).result();
  }

  @Override
  public int fileInformation(long handle, long buffer) {
    Reply reply = reply("GetFileInformationByHandle", handle, 0);
    write(buffer, reply.bytes());
    return reply.result();
  }

  @Override
  public int finalPath(long handle, long buffer, int characters, int flags) {
    Reply reply = reply("GetFinalPathNameByHandleW", handle, 0);
    write(buffer, reply.bytes());
    return reply.result();
  }

  @Override
  public int socketOption(long handle, int level, int option, long value, long length) {
    return socket(reply("getsockopt", handle, option), value, length);
  }

  @Override
  public int socketName(long handle, long address, long length) {
    return socket(reply("getsockname", handle, 0), address, length);
  }

  @Override
  public int peerName(long handle, long address, long length) {
    return socket(reply("getpeername", handle, 0), address, length);
  }

  private static int socket(Reply reply, long address, long length) {
    write(address, reply.bytes());
    put32(length, reply.returned());
    return reply.result();
  }

  @Override
  public int tcpTable(long buffer, long size, int family, int tableClass) {
    Reply reply = reply("GetExtendedTcpTable", 0, family);
    int given = new Pointer(size).getInt(0);
    put32(size, reply.returned());
    if (reply.bytes().length > given) {
      return Status.ERROR_INSUFFICIENT_BUFFER;
    }
    write(buffer, reply.bytes());
    return reply.result();
  }

  @Override
  public int modules(long buffer, int size, long needed) {
    Reply reply = reply("K32EnumProcessModules", 0, 0);
    put32(needed, reply.returned());
    write(buffer, reply.bytes());
    return reply.result();
  }

  @Override
  public int modulePath(long module, long buffer, int characters) {
    Reply reply = reply("GetModuleFileNameW", module, 0);
    write(buffer, reply.bytes());
    return reply.result();
  }

  @Override
  public int processId() {
    return reply("GetCurrentProcessId", 0, 0).result();
  }

  @Override
  public int lastError() {
    return error.get();
  }
}
