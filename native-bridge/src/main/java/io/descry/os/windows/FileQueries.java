package io.descry.os.windows;

import io.descry.os.Answer;
import io.descry.os.Failures;
import io.descry.os.Kind;

/**
 * Asks what a handle of type File leads to. Each question may wait until the application's own call
 * on a synchronous pipe or console has ended, which may be never. For one thread.
 */
final class FileQueries implements AutoCloseable {
  static final int FILE_TYPE_DISK = 1;
  static final int FILE_TYPE_CHAR = 2;
  static final int FILE_TYPE_PIPE = 3;

  /** FILE_NAME_OPENED: as it was opened. Another form would look up every directory. */
  static final int FILE_NAME_OPENED = 8;

  /** What every socket's object is called by the driver of Winsock. */
  static final String AFD = "\\Device\\Afd";

  static final int FILE_ATTRIBUTE_DIRECTORY = 0x10;
  private static final String LONG_PATH = "\\\\?\\";
  private static final String LONG_SHARE = "\\\\?\\UNC\\";

  /** The longest path in characters, and its end. */
  private static final int PATH = 0x8000;

  private final NativeCalls calls;
  private final Structures structures;
  private final ObjectQueries objects;
  private final SocketQueries sockets;
  private final NativeBlock information;
  private final NativeBlock path = new NativeBlock(2 * PATH);

  FileQueries(NativeCalls calls, Structures structures, Failures failures) {
    this.calls = calls;
    this.structures = structures;
    objects = new ObjectQueries(calls, structures, failures);
    sockets = new SocketQueries(calls, structures, failures);
    information = new NativeBlock(structures.fileInformation.size());
  }

  /** What it leads to, as far as Windows says; never {@code null}. */
  FileAnswer ask(long handle) {
    return switch (calls.fileType(handle)) {
      case FILE_TYPE_DISK -> disk(handle);
      case FILE_TYPE_PIPE -> pipe(handle);
      case FILE_TYPE_CHAR -> new FileAnswer(Kind.DEVICE, name(handle));
      default -> unknown(handle);
    };
  }

  private FileAnswer disk(long handle) {
    if (calls.fileInformation(handle, information.address()) == 0) {
      return new FileAnswer(Kind.DEVICE, name(handle)); // a volume or a disk as a whole
    }
    StructLayout layout = structures.fileInformation;
    int attributes = information.i32(layout.offset("dwFileAttributes"));
    long device = information.u32(layout.offset("dwVolumeSerialNumber"));
    long inode =
        information.u32(layout.offset("nFileIndexHigh")) << 32
            | information.u32(layout.offset("nFileIndexLow"));
    boolean deleted = information.i32(layout.offset("nNumberOfLinks")) == 0;
    return new FileAnswer(
        (attributes & FILE_ATTRIBUTE_DIRECTORY) == 0 ? Kind.FILE : Kind.DIRECTORY,
        name(handle),
        device,
        inode,
        Answer.of(deleted),
        null);
  }

  private FileAnswer pipe(long handle) {
    String name = objects.name(handle);
    if (name == null) {
      return new FileAnswer(Kind.OTHER, "");
    }
    // Wine gives a socket's object no name.
    if (name.isEmpty() || isAfd(name)) {
      SocketNames socket = sockets.of(handle);
      if (socket != null) {
        return new FileAnswer(socket.kind(), AFD, 0, 0, Answer.NO, socket);
      }
    }
    return new FileAnswer(isAfd(name) ? Kind.OTHER : Kind.PIPE, name);
  }

  private static boolean isAfd(String name) {
    return name.equals(AFD) || name.startsWith(AFD + "\\");
  }

  private FileAnswer unknown(long handle) {
    String name = objects.name(handle);
    boolean device = name != null && name.startsWith("\\Device\\");
    return new FileAnswer(device ? Kind.DEVICE : Kind.OTHER, name == null ? "" : name);
  }

  /** A path as Java writes it, else the object's name, else empty. */
  private String name(long handle) {
    int length = calls.finalPath(handle, path.address(), PATH, FILE_NAME_OPENED);
    if (length > 0 && length < PATH) {
      String text = path.text(0, length);
      if (text.startsWith(LONG_SHARE)) {
        return "\\\\" + text.substring(LONG_SHARE.length());
      }
      return text.startsWith(LONG_PATH) ? text.substring(LONG_PATH.length()) : text;
    }
    String name = objects.name(handle);
    return name == null ? "" : name;
  }

  @Override
  public void close() {
    objects.close();
    sockets.close();
    information.close();
    path.close();
  }
}
