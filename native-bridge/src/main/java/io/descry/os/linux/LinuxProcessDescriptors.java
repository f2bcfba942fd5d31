package io.descry.os.linux;

import io.descry.os.Blind;
import io.descry.os.Descriptor;
import io.descry.os.DescriptorSnapshot;
import io.descry.os.Failure;
import io.descry.os.JnaLoading;
import io.descry.os.Kind;
import io.descry.os.Limits;
import io.descry.os.ProcessDescriptors;
import io.descry.os.Socket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads /proc/self/fd by system calls, through two numbers held from the start, so that a process
 * at its limit can be read as well. Linux 4.18 and later, glibc 2.17 and later, x86-64 and aarch64.
 *
 * <p>The locks are this object's own. No call waits for a file server or for the application, but
 * for the short time in which the kernel holds a socket's or an eventpoll's own lock to read it.
 */
public final class LinuxProcessDescriptors implements ProcessDescriptors {
  private static final int LINK = 16; // behind the number's text
  private static final int TRIES = 3;

  private final ReentrantLock scanning = new ReentrantLock();
  private final Failures failures = new Failures();
  private final OwnNumbers own = new OwnNumbers();
  private final String ownLibrary;
  private final List<Held> held;
  private final HeldDirectory directory;
  private final NativeMemory memory = new NativeMemory(LINK + 4096);
  private final FileStatus status;
  private final SocketInspector sockets = new SocketInspector(failures);
  private final Object counting = new Object();
  private final FileStatus counted;
  private final boolean sizeIsCount;
  private volatile Blind eventpolls;
  private volatile boolean closed;

  /**
   * Takes the two numbers.
   *
   * @param jna JNA, loaded; what it holds for itself is left out of all answers
   * @throws java.io.UncheckedIOException when /proc/self/fd cannot be opened
   * @throws UnsupportedOperationException on a processor that is not known here
   * @throws LinkageError when JNA cannot be used
   */
  public LinuxProcessDescriptors(JnaLoading jna) {
    Architecture architecture = Architecture.of(System.getProperty("os.arch"));
    if (architecture == null) {
      throw new UnsupportedOperationException(
          "no system call numbers for " + System.getProperty("os.arch"));
    }
    ownLibrary = jna.library();
    status = new FileStatus(architecture);
    counted = new FileStatus(architecture);
    directory = new HeldDirectory(architecture, failures);
    sizeIsCount = sizeIsCount();
    held =
        jna.numbers().stream()
            .filter(number -> status.read(number) == 0)
            .map(number -> new Held(number, status.device, status.inode))
            .toList();
    // libffi forgets this, and a child of native code would inherit it.
    held.forEach(one -> Libc.fcntl(one.number(), Libc.F_SETFD, Libc.FD_CLOEXEC));
    loadClasses();
  }

  /**
   * Uses every class once. At the limit a loader can open no class file and no jar any more: what a
   * scan needs must be there.
   */
  private void loadClasses() {
    snapshot();
    libraries();
    limits();
    failures();
    // What the first scan may have found no reason to use.
    EpollInterest.of("tfd: 1");
    Socket any = new Socket("tcp", Addresses.inet(new byte[16], 1), "", TcpState.name(1), 0, 0, 0);
    Sockets.kind(any);
    Addresses.unix(new byte[1]);
    TcpState.hadData(1);
  }

  @Override
  public int count() {
    if (sizeIsCount) {
      synchronized (counting) {
        if (closed) {
          return -1;
        }
        if (counted.read(directory.number()) == 0
            && counted.device == directory.device()
            && counted.inode == directory.inode()) {
          return (int) counted.size - ownCount(counted);
        }
      }
    }
    // An older kernel, or the held number is somebody else's now and the list takes it anew.
    scanning.lock();
    try {
      return closed ? -1 : directory.list().length - ownCount(status);
    } finally {
      scanning.unlock();
    }
  }

  private int ownCount(FileStatus status) {
    int count = directory.held() + own.size();
    for (Held one : held) {
      count += one.isStill(status) ? 1 : 0;
    }
    return count;
  }

  private boolean isOwn(int number) {
    if (number == directory.number() || number == directory.spare() || own.contains(number)) {
      return true;
    }
    for (Held one : held) {
      if (one.number() == number) {
        return one.isStill(status);
      }
    }
    return false;
  }

  @Override
  public DescriptorSnapshot snapshot() {
    scanning.lock();
    try {
      Instant at = Instant.now();
      if (closed) {
        return new DescriptorSnapshot(at, List.of(), 0);
      }
      int[] numbers = directory.list();
      Set<Long> remote = remoteFileSystems();
      List<Descriptor> found = new ArrayList<>(numbers.length);
      int left = 0;
      for (int number : numbers) {
        if (isOwn(number)) {
          left++;
          continue;
        }
        Descriptor descriptor = describe(number, remote);
        if (descriptor != null) {
          found.add(descriptor);
        }
      }
      return new DescriptorSnapshot(at, found, left);
    } finally {
      scanning.unlock();
    }
  }

  /**
   * What a number is now; {@code null} when it is closed, or changes hands too fast to tell. Two
   * files that change places twice between two calls may still be mixed up: only a duplicate of the
   * number would be proof, and closing that would release the application's record locks.
   */
  private Descriptor describe(int number, Set<Long> remote) {
    for (int i = 0; i < TRIES; i++) {
      int error = status.read(number);
      if (error == Errno.EBADF) {
        return null;
      }
      if (error != 0) {
        failures.count("fstat", error);
        status.device = status.inode = status.size = 0;
        status.mode = -1;
      }
      long device = status.device;
      long inode = status.inode;
      int mode = status.mode;
      Descriptor descriptor = details(number, device, inode, mode, remote);
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

  private Descriptor details(int number, long device, long inode, int mode, Set<Long> remote) {
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
      failures.count("readlinkat", errno); // ENAMETOOLONG: a path longer than a page
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
    List<Integer> watched = kind == Kind.EVENTPOLL ? watched(number) : null;
    long known = inode != 0 ? inode : Links.inode(target);
    return new Descriptor(number, kind, target, device, known, flags, position, socket, watched);
  }

  private List<Integer> watched(int number) {
    String fdinfo = directory.read("/proc/self/fdinfo/" + number);
    if (fdinfo == null) {
      if (eventpolls == null) {
        eventpolls =
            new Blind("what eventpolls watch", Instant.now(), "/proc/self/fdinfo was refused");
      }
      return null;
    }
    return EpollInterest.of(fdinfo);
  }

  private Set<Long> remoteFileSystems() {
    String mountinfo = directory.read("/proc/self/mountinfo");
    return mountinfo == null ? Set.of() : RemoteFileSystems.devices(mountinfo);
  }

  /**
   * Whether this kernel says the open count as the size of /proc/self/fd: Linux 6.2 and later
   * (proc_readfd_count of fs/proc/fd.c), 0 before. Compared with the list, so that it is believed
   * for what it says, not for a version number; again when the application opened something
   * between.
   */
  private boolean sizeIsCount() {
    for (int i = 0; i < 5; i++) {
      if (status.read(directory.number()) != 0 || status.size == 0) {
        return false;
      }
      if (status.size == directory.list().length) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Limits limits() {
    scanning.lock();
    try {
      if (closed || Libc.getrlimit(Libc.RLIMIT_NOFILE, memory.address(0)) != 0) {
        return new Limits(Limits.UNKNOWN, Limits.UNKNOWN);
      }
      return new Limits(limit(memory.i64(0)), limit(memory.i64(8)));
    } finally {
      scanning.unlock();
    }
  }

  private static long limit(long value) {
    return value < 0 ? Long.MAX_VALUE : value; // RLIM_INFINITY has all bits set
  }

  @Override
  public List<String> libraries() {
    scanning.lock();
    try {
      String maps = closed ? null : directory.read("/proc/self/maps");
      return maps == null
          ? List.of()
          : LoadedLibraries.foreign(maps, Path.of(System.getProperty("java.home")), ownLibrary);
    } finally {
      scanning.unlock();
    }
  }

  @Override
  public List<Blind> blind() {
    Blind refused = eventpolls;
    return refused == null ? List.of() : List.of(refused);
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
        directory.close();
        memory.close();
        status.free();
        counted.free();
        sockets.free();
      }
    } finally {
      scanning.unlock();
    }
  }
}
