package io.descry.os.windows;

import com.sun.jna.Native;
import io.descry.os.Answer;
import io.descry.os.Blind;
import io.descry.os.Descriptor;
import io.descry.os.DescriptorSnapshot;
import io.descry.os.Facts;
import io.descry.os.Failure;
import io.descry.os.Failures;
import io.descry.os.JnaLoading;
import io.descry.os.Kind;
import io.descry.os.Limits;
import io.descry.os.OwnNumbers;
import io.descry.os.ProcessDescriptors;
import io.descry.os.Socket;
import io.descry.os.ThreadWaits;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The handles of this process, as Windows lists them. 64 bits; Windows 7 and later by what its
 * calls are documented for.
 *
 * <p>The scanning thread asks only what is answered at once. What a file leads to is asked by
 * another thread, as that question waits for the application's own call on a synchronous pipe: see
 * {@link Watchdog}.
 */
public final class WindowsProcessDescriptors implements ProcessDescriptors {
  /**
   * As many kernel handles a process can have ("Kernel Objects" of Windows' documentation: 2^24).
   * There is nothing to raise.
   */
  static final long QUOTA = 1 << 24;

  private static final Duration PATIENCE = Duration.ofMillis(100);
  private static final Duration BUDGET = Duration.ofMillis(500);

  private final ReentrantLock scanning = new ReentrantLock();
  private final NativeCalls calls;
  private final Failures failures = new Failures();
  private final OwnNumbers own = new OwnNumbers();
  private final Instant since = Instant.now();
  private final HandleTable table;
  private final ObjectQueries objects;
  private final TypeNames types;
  private final TcpTable tcp;
  private final Watchdog files;
  private final LoadedModules modules;
  private final Object counting = new Object();
  private final NativeBlock word = new NativeBlock(4);
  private volatile boolean closed;

  /**
   * Loads the libraries of Windows that a scan calls.
   *
   * @param jna JNA, loaded
   * @throws java.io.UncheckedIOException when Windows does not list the handles
   * @throws UnsupportedOperationException in a process of 32 bits
   * @throws LinkageError when a function is not there
   */
  public WindowsProcessDescriptors(JnaLoading jna) {
    this(bound(), jna.library(), PATIENCE, BUDGET);
    snapshot();
  }

  private static NativeCalls bound() {
    if (Native.POINTER_SIZE != Long.BYTES) {
      throw new UnsupportedOperationException("a process of 32 bits");
    }
    return new WindowsCalls();
  }

  /**
   * By these functions, with the structures of 64 bits.
   *
   * @param patience as in {@link Watchdog}
   * @param budget likewise
   */
  WindowsProcessDescriptors(
      NativeCalls calls, String ownLibrary, Duration patience, Duration budget) {
    this.calls = calls;
    Structures structures = new Structures(Long.BYTES);
    table = new HandleTable(calls, structures, failures);
    objects = new ObjectQueries(calls, structures, failures);
    types = new TypeNames(objects);
    tcp = new TcpTable(calls, structures, failures);
    files =
        new Watchdog(
            () -> new FileQueries(calls, structures, failures),
            fault -> failures.count("file queries", fault.getClass().getSimpleName()),
            patience,
            budget);
    modules =
        new LoadedModules(
            calls,
            Stream.of(System.getProperty("java.home"), System.getenv("SystemRoot"), ownLibrary)
                .filter(Objects::nonNull)
                .toList());
  }

  @Override
  public int count() {
    synchronized (counting) {
      if (closed) {
        return -1;
      }
      word.put32(0, 0);
      // Wine answers 0, which no process has.
      if (calls.processHandleCount(word.address()) != 0 && word.i32(0) > 0) {
        return word.i32(0) - own.size();
      }
    }
    scanning.lock();
    try {
      return closed ? -1 : table.read() - own.size();
    } catch (UncheckedIOException e) {
      return -1;
    } finally {
      scanning.unlock();
    }
  }

  @Override
  public DescriptorSnapshot snapshot() {
    scanning.lock();
    try {
      Instant at = Instant.now();
      if (closed) {
        return new DescriptorSnapshot(at, List.of(), 0);
      }
      int count = table.read();
      List<Handle> handles = new ArrayList<>(count);
      int left = 0;
      for (int i = 0; i < count; i++) {
        int number = table.handle(i);
        if (own.contains(number)) {
          left++;
        } else {
          String type = types.of(table.type(i), number);
          boolean inherited = (table.attributes(i) & HandleTable.OBJ_INHERIT) != 0;
          handles.add(new Handle(number, type, table.object(i), Answer.of(!inherited)));
        }
      }
      handles.sort(Comparator.comparingInt(Handle::number));
      return new DescriptorSnapshot(at, describe(handles), left);
    } finally {
      scanning.unlock();
    }
  }

  /** One entry of the list, of a type that may be {@code null}. */
  private record Handle(int number, String type, long object, Answer closeOnExec) {
    boolean isFile() {
      return ObjectTypes.FILE.equals(type);
    }
  }

  private List<Descriptor> describe(List<Handle> handles) {
    FileAnswer[] answers =
        files.ask(handles.stream().filter(Handle::isFile).mapToInt(Handle::number).toArray());
    if (Stream.of(answers).anyMatch(WindowsProcessDescriptors::isTcp)) {
      tcp.read();
    }
    List<Descriptor> found = new ArrayList<>(handles.size());
    int asked = 0;
    for (Handle handle : handles) {
      found.add(handle.isFile() ? file(handle, answers[asked++]) : object(handle));
    }
    return found;
  }

  private static boolean isTcp(FileAnswer answer) {
    return answer != null && answer.kind() == Kind.SOCKET_TCP;
  }

  private Descriptor object(Handle handle) {
    String name = handle.type() == null ? null : objects.name(handle.number());
    String target = name == null || name.isEmpty() ? handle.type() : name;
    return new Descriptor(
        handle.number(),
        ObjectTypes.kind(handle.type()),
        target == null ? "" : target,
        0,
        handle.object(),
        -1,
        -1,
        null,
        null,
        new Facts(handle.closeOnExec(), Answer.NO, Answer.UNKNOWN, -1, Answer.UNKNOWN));
  }

  private Descriptor file(Handle handle, FileAnswer answer) {
    FileAnswer known = answer == null ? new FileAnswer(Kind.OTHER, ObjectTypes.FILE) : answer;
    Socket socket = known.socket() == null ? null : socket(known.socket());
    return new Descriptor(
        handle.number(),
        known.kind(),
        known.target().isEmpty() ? ObjectTypes.FILE : known.target(),
        known.device(),
        known.inode() == 0 ? handle.object() : known.inode(),
        -1,
        -1,
        socket,
        null,
        new Facts(
            handle.closeOnExec(),
            known.deleted(),
            peerGone(known.kind(), socket),
            -1,
            Answer.UNKNOWN));
  }

  private static Answer peerGone(Kind kind, Socket socket) {
    if (kind == Kind.FILE || kind == Kind.DIRECTORY) {
      return Answer.NO;
    }
    if (kind != Kind.SOCKET_TCP) {
      return Answer.UNKNOWN;
    }
    return switch (socket.stage()) {
      case PEER_FINISHED, OVER -> Answer.YES;
      case UNKNOWN -> Answer.UNKNOWN;
      default -> Answer.NO;
    };
  }

  private Socket socket(SocketNames names) {
    TcpState state = names.kind() == Kind.SOCKET_TCP ? tcp.state(names) : null;
    return new Socket(
        names.protocol(),
        names.local(),
        names.remote(),
        state == null ? "" : state.name(),
        -1,
        -1,
        -1,
        state == null ? stage(names) : state.stage(),
        -1,
        -1,
        Answer.UNKNOWN);
  }

  /** What follows from the addresses, where no table has the socket. */
  private static Socket.Stage stage(SocketNames names) {
    if (names.local().isEmpty()) {
      return Socket.Stage.CREATED;
    }
    if (names.kind() == Kind.SOCKET_UDP) {
      return names.remote().isEmpty() ? Socket.Stage.BOUND : Socket.Stage.CONNECTED;
    }
    return Socket.Stage.UNKNOWN;
  }

  /** Windows tells of no thread which handle the call was given that it waits in. */
  @Override
  public ThreadWaits waits() {
    return ThreadWaits.unknown(Instant.now());
  }

  @Override
  public boolean isClosed(int number) {
    synchronized (counting) {
      return !closed
          && calls.handleInformation(number, word.address()) == 0
          && calls.lastError() == Status.ERROR_INVALID_HANDLE;
    }
  }

  @Override
  public String threadName(int thread) {
    return null;
  }

  @Override
  public Limits limits() {
    return new Limits(QUOTA, QUOTA);
  }

  @Override
  public List<String> libraries() {
    scanning.lock();
    try {
      return closed ? List.of() : modules.foreign();
    } finally {
      scanning.unlock();
    }
  }

  @Override
  public List<Blind> blind() {
    List<Blind> all = new ArrayList<>();
    all.add(
        new Blind(
            "what threads wait in",
            since,
            "Windows does not tell which handle a thread's call was given"));
    all.add(
        new Blind(
            "what an event loop watches",
            since,
            "Windows does not tell what belongs to a completion port"));
    all.add(
        new Blind(
            "idle time and byte counts of sockets",
            since,
            "Windows counts them only once an administrator has asked for it, and each connection"
                + " alone"));
    all.add(
        new Blind(
            "descriptors of the C runtimes",
            since,
            "each C runtime has numbers of its own, 8,192 at most, and Windows lists the handles"
                + " behind them only"));
    int stuck = files.stuck();
    if (stuck > 0) {
      all.add(
          new Blind(
              "what some files lead to",
              Instant.now(),
              stuck
                  + " handles of type File do not answer while the application reads from or writes"
                  + " to them"
                  + (stuck < Watchdog.MOST_STUCK ? "" : ", so that no other is asked")));
    }
    return List.copyOf(all);
  }

  @Override
  public List<Failure> failures() {
    return failures.list();
  }

  @Override
  public void own(int number) {
    own.add(number);
  }

  @Override
  public void disown(int number) {
    own.remove(number);
  }

  @Override
  public void close() {
    scanning.lock();
    try {
      synchronized (counting) {
        if (closed) {
          return;
        }
        closed = true;
        files.close();
        table.close();
        objects.close();
        tcp.close();
        word.close();
      }
    } finally {
      scanning.unlock();
    }
  }
}
