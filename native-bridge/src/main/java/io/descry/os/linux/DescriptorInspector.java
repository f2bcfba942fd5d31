package io.descry.os.linux;

import io.descry.os.Answer;
import io.descry.os.Blind;
import io.descry.os.Descriptor;
import io.descry.os.Facts;
import io.descry.os.Failures;
import io.descry.os.Kind;
import io.descry.os.Socket;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Says what a number is now, by asking the kernel about that number. For one thread at a time. */
final class DescriptorInspector {
  private static final int LINK = 16; // behind the number's text
  private static final int TRIES = 3;

  /** How many eventfds and timerfds a scan reads the fdinfo of, which is 10 µs each. */
  static final int INFOS_AT_ONCE = 1024;

  private static final String FDINFO = "/proc/self/fdinfo/";
  private static final int O_ACCMODE = 3;
  private static final int O_WRONLY = 1;

  private final HeldDirectory directory;
  private final FileStatus status;
  private final Failures failures;
  private final NativeMemory memory = new NativeMemory(LINK + 4096);
  private final Poll poll;
  private final SocketInspector sockets;
  private final Recent<String> targets = new Recent<>();
  private final Recent<Facts> told = new Recent<>();
  private volatile Blind blind;
  private Set<Long> remote = Set.of();
  private final Turns infos = new Turns();
  private long device;
  private long inode;
  private int mode;
  private long links;

  DescriptorInspector(HeldDirectory directory, FileStatus status, Failures failures) {
    this.directory = directory;
    this.status = status;
    this.failures = failures;
    this.poll = new Poll(failures);
    this.sockets = new SocketInspector(poll, failures);
  }

  /** What is not seen, as soon as it was refused; {@code null} before. */
  Blind blind() {
    return blind;
  }

  /** Before the first number of each scan. */
  void begin() {
    String mountinfo = directory.read("/proc/self/mountinfo");
    remote = mountinfo == null ? Set.of() : RemoteFileSystems.devices(mountinfo);
    infos.begin(INFOS_AT_ONCE);
  }

  private boolean hasTurn(Kind kind, int number) {
    return kind == Kind.EVENTPOLL || infos.has(number);
  }

  /** Of the number that was described last, as {@link FileStatus} has it; so are the others. */
  long device() {
    return device;
  }

  long inode() {
    return inode;
  }

  int mode() {
    return mode;
  }

  long links() {
    return links;
  }

  /** What poll(2) said of the number that was described last, -1 when it was not asked. */
  int events() {
    return poll.events();
  }

  /**
   * What a number is now; {@code null} when it is closed, or changes hands too fast to tell. Two
   * files that change places twice between two calls may still be mixed up: only a duplicate of the
   * number would be proof, and closing that would release the application's record locks.
   */
  Descriptor describe(int number) {
    for (int i = 0; i < TRIES; i++) {
      int error = status.read(number);
      if (error == Errno.EBADF) {
        return null;
      }
      if (error != 0) {
        failures.count("fstat", Errno.name(error));
        status.device = status.inode = status.size = 0;
        status.mode = -1;
      }
      device = status.device;
      inode = status.inode;
      mode = status.mode;
      links = status.links;
      Descriptor descriptor = details(number);
      if (descriptor == null || error != 0) {
        return descriptor;
      }
      // What was asked in between belongs together only if the number is still the same.
      boolean same = status.read(number) == 0 && status.device == device && status.inode == inode;
      boolean plausible = Links.agrees(descriptor.target(), mode, inode);
      if (same && (plausible || i == TRIES - 1)) {
        return descriptor;
      }
    }
    return null;
  }

  private Descriptor details(int number) {
    poll.forget();
    memory.putDecimal(0, number);
    long length =
        Libc.readlinkat(
            directory.number(), memory.address(0), memory.address(LINK), memory.size() - LINK);
    String target = "";
    if (length >= 0) {
      target = memory.text(LINK, (int) length);
    } else {
      int errno = Libc.errno();
      if (errno == Errno.ENOENT) {
        return null;
      }
      failures.count("readlinkat", Errno.name(errno)); // ENAMETOOLONG: a path longer than a page
    }
    Kind kind = Links.kind(target, mode);
    Socket socket = null;
    if (Links.isSocket(target)) {
      socket = sockets.inspect(number);
      kind = Sockets.kind(socket);
    }
    int flags = Libc.fcntl(number, Libc.F_GETFL, 0);
    boolean seeks = kind == Kind.FILE && mode != -1 && !remote.contains(device);
    long position = seeks ? Libc.lseek(number, 0, Libc.SEEK_CUR) : -1;
    FdInfo info = Links.hasInfo(kind) && hasTurn(kind, number) ? info(number) : null;
    List<Integer> watched = info != null && kind == Kind.EVENTPOLL ? info.watched() : null;
    Answer peerGone =
        switch (kind) {
          case PIPE -> pipePeerGone(number, flags);
          case SOCKET_TCP, SOCKET_UDP, SOCKET_UNIX -> sockets.peerGone;
          default -> Links.isSocket(target) ? Answer.UNKNOWN : Answer.NO;
        };
    Facts facts =
        new Facts(
            closeOnExec(number),
            mode == -1 ? Answer.UNKNOWN : Links.deleted(kind, links),
            peerGone,
            info == null ? -1 : info.eventCount(),
            info == null ? Answer.UNKNOWN : info.armed());
    long known = inode != 0 ? inode : Links.inode(target);
    return new Descriptor(
        number,
        kind,
        Links.isSocket(target) ? target : targets.one(target),
        device,
        known,
        flags,
        position,
        socket,
        watched,
        told.one(facts));
  }

  private static Answer closeOnExec(int number) {
    int flags = Libc.fcntl(number, Libc.F_GETFD, 0);
    return flags < 0 ? Answer.UNKNOWN : Answer.of((flags & Libc.FD_CLOEXEC) != 0);
  }

  /** A named pipe that is open both ways is its own other end: neither comes then. */
  private Answer pipePeerGone(int number, int flags) {
    if (flags == -1 || !poll.ask(number)) {
      return Answer.UNKNOWN;
    }
    boolean writes = (flags & O_ACCMODE) == O_WRONLY;
    return Answer.of(writes ? poll.error() : poll.hungUp());
  }

  private FdInfo info(int number) {
    String text = directory.readPiece(FDINFO + number);
    if (text == null) {
      // It may only have been closed since; the directory's own number never is.
      if (blind == null && directory.readPiece(FDINFO + directory.number()) == null) {
        blind =
            new Blind(
                "what eventpolls watch, counters of eventfds, whether timerfds are armed",
                Instant.now(),
                "/proc/self/fdinfo was refused");
      }
      return null;
    }
    return new FdInfo(text);
  }

  void free() {
    memory.close();
    poll.free();
    sockets.free();
  }
}
