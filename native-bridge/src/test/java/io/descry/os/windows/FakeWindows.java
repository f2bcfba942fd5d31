package io.descry.os.windows;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * A Windows of which a test says what it answers. Writes no byte beyond what it is given room for,
 * as the kernel would not.
 */
class FakeWindows implements NativeCalls {
  static final int PROCESS = 4711;
  static final int INVALID_INFO_CLASS = 0xC0000003;
  static final int ACCESS_DENIED = 0xC0000022;

  /** An object: its type's number and name, its own name, and of a file what GetFileType says. */
  record Thing(int type, String typeName, String name, int fileType) {
    static Thing event(String name) {
      return new Thing(8, "Event", name, 0);
    }

    static Thing file(String name) {
      return new Thing(17, "File", name, FileQueries.FILE_TYPE_DISK);
    }

    static Thing pipe(String name) {
      return new Thing(17, "File", name, FileQueries.FILE_TYPE_PIPE);
    }
  }

  final Map<Integer, Thing> things = new TreeMap<>();
  boolean listsProcess = true;
  volatile int lists;
  private volatile int error;

  FakeWindows() {
    things.put(4, Thing.event("\\BaseNamedObjects\\first"));
    things.put(8, Thing.event(""));
    things.put(12, Thing.file("\\\\?\\C:\\Users\\x\\a.txt"));
    things.put(16, Thing.pipe("\\Device\\NamedPipe\\p"));
    things.put(20, Thing.file("\\\\?\\UNC\\server\\share\\b.txt"));
  }

  /** The list of class 51, by the offsets of 64 bits that StructuresTest compares. */
  byte[] processList() {
    ByteBuffer list = buffer(16 + 40 * things.size()).putLong(things.size()).putLong(0);
    things.forEach(
        (handle, thing) ->
            list.putLong(handle)
                .putLong(1)
                .putLong(1)
                .putInt(0x1f0003)
                .putInt(thing.type())
                .putInt(0)
                .putInt(0));
    return list.array();
  }

  /** The list of class 64, with as many handles of another process between. */
  byte[] systemList() {
    ByteBuffer list = buffer(16 + 80 * things.size()).putLong(2L * things.size()).putLong(0);
    things.forEach(
        (handle, thing) -> {
          for (int process : new int[] {PROCESS, PROCESS + 4}) {
            list.putLong(0xffff800000000000L + handle)
                .putLong(process)
                .putLong(handle)
                .putInt(0x1f0003)
                .putShort((short) 0)
                .putShort((short) thing.type())
                .putInt(HandleTable.OBJ_INHERIT)
                .putInt(0);
          }
        });
    return list.array();
  }

  static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public int queryInformationProcess(int informationClass, long buffer, int size, long returned) {
    lists++;
    return listsProcess ? list(processList(), buffer, size, returned) : INVALID_INFO_CLASS;
  }

  @Override
  public int querySystemInformation(int informationClass, long buffer, int size, long returned) {
    lists++;
    return list(systemList(), buffer, size, returned);
  }

  int list(byte[] list, long buffer, int size, long returned) {
    put32(returned, list.length);
    if (list.length > size) {
      return Status.INFO_LENGTH_MISMATCH;
    }
    write(buffer, list);
    return Status.SUCCESS;
  }

  @Override
  public int queryObject(long handle, int informationClass, long buffer, int size, long returned) {
    Thing thing = things.get((int) handle);
    if (thing == null) {
      return Status.INVALID_HANDLE;
    }
    boolean type = informationClass == ObjectQueries.OBJECT_TYPE_INFORMATION;
    String text = type ? thing.typeName() : thing.name();
    int head = type ? 104 : 16;
    if (text == null) {
      return ACCESS_DENIED;
    }
    ByteBuffer encoded = buffer(2 * text.length());
    encoded.asCharBuffer().put(text); // as it stands, where UTF-16 would be corrected
    byte[] characters = encoded.array();
    byte[] answer = new byte[head + characters.length];
    buffer(16)
        .putShort((short) characters.length)
        .putShort((short) characters.length)
        .putInt(0)
        .putLong(characters.length == 0 ? 0 : buffer + head)
        .get(0, answer, 0, 16);
    System.arraycopy(characters, 0, answer, head, characters.length);
    return list(answer, buffer, size, returned);
  }

  @Override
  public int processHandleCount(long count) {
    put32(count, things.size());
    return 1;
  }

  @Override
  public int handleInformation(long handle, long flags) {
    return refuse(things.containsKey((int) handle), Status.ERROR_INVALID_HANDLE) ? 1 : 0;
  }

  private boolean refuse(boolean granted, int otherwise) {
    error = granted ? error : otherwise;
    return granted;
  }

  @Override
  public int fileType(long handle) {
    Thing thing = things.get((int) handle);
    return thing == null ? 0 : thing.fileType();
  }

  @Override
  public int fileInformation(long handle, long buffer) {
    byte[] bytes =
        buffer(52).putInt(0, 0x20).putInt(28, 99).putInt(40, 1).putInt(48, (int) handle).array();
    write(buffer, bytes);
    return 1;
  }

  @Override
  public int finalPath(long handle, long buffer, int characters, int flags) {
    Thing thing = things.get((int) handle);
    if (thing == null || thing.name() == null) {
      error = 5;
      return 0;
    }
    write(buffer, thing.name().getBytes(StandardCharsets.UTF_16LE));
    return thing.name().length();
  }

  @Override
  public int socketOption(long handle, int level, int option, long value, long length) {
    error = SocketQueries.WSAENOTSOCK;
    return -1;
  }

  @Override
  public int socketName(long handle, long address, long length) {
    error = SocketQueries.WSAENOTSOCK;
    return -1;
  }

  @Override
  public int peerName(long handle, long address, long length) {
    error = SocketQueries.WSAENOTSOCK;
    return -1;
  }

  @Override
  public int tcpTable(long buffer, long size, int family, int tableClass) {
    put32(buffer, 0);
    return 0;
  }

  @Override
  public int modules(long buffer, int size, long needed) {
    error = 5;
    return 0;
  }

  @Override
  public int modulePath(long module, long buffer, int characters) {
    return 0;
  }

  @Override
  public int processId() {
    return PROCESS;
  }

  @Override
  public int lastError() {
    return error;
  }

  static void write(long address, byte[] bytes) {
    new Pointer(address).write(0, bytes, 0, bytes.length);
  }

  static void put32(long address, int value) {
    new Pointer(address).setInt(0, value);
  }
}
