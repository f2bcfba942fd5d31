package io.descry.os.linux;

import io.descry.os.Addresses;
import io.descry.os.Blind;
import io.descry.os.ChildHold;
import io.descry.os.Descriptor;
import io.descry.os.DescriptorSnapshot;
import io.descry.os.Failure;
import io.descry.os.Failures;
import io.descry.os.JnaLoading;
import io.descry.os.Limits;
import io.descry.os.OwnNumbers;
import io.descry.os.ProcessDescriptors;
import io.descry.os.Socket;
import io.descry.os.ThreadStay;
import io.descry.os.ThreadWaits;
import io.descry.os.WaitCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntToLongFunction;
import java.util.stream.Stream;

/**
 * Reads /proc/self/fd by system calls, through two numbers held from the start, so that a process
 * at its limit can be read as well. Linux 4.18 and later, glibc 2.17 and later, x86-64 and aarch64.
 *
 * <p>The locks are this object's own. No call waits for a file server or for the application, but
 * for the short time in which the kernel holds a socket's or an eventpoll's own lock to read it.
 */
public final class LinuxProcessDescriptors implements ProcessDescriptors {
  private final ReentrantLock scanning = new ReentrantLock();
  private final Failures failures = new Failures();
  private final OwnNumbers own = new OwnNumbers();
  private final String ownLibrary;
  private final List<Held> held;
  private final HeldDirectory directory;
  private final DescriptorLimit limits = new DescriptorLimit();
  private final FileStatus status;
  private final DescriptorInspector inspector;
  private final DescriptorBatch batch;
  private final KnownDescriptors known;
  private final ThreadSampler threads;
  private final ChildDescriptors children;
  private final Object counting = new Object();
  private final FileStatus counted;
  private final boolean sizeIsCount;
  private final boolean placesAreNumbers;
  private volatile boolean closed;

  /** By the scan that runs. */
  private int leftOut;

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
    inspector = new DescriptorInspector(directory, status, failures);
    batch = new DescriptorBatch(directory, status, failures, NativeBatch::isThere);
    known = new KnownDescriptors(batch, inspector);
    threads =
        new ThreadSampler(
            architecture,
            directory::readPiece,
            LinuxProcessDescriptors::closed,
            new PolledNumbers());
    children = new ChildDescriptors(architecture, directory);
    sizeIsCount = sizeIsCount();
    placesAreNumbers = placesAreNumbers();
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
    for (int i = 0; i < 2; i++) {
      snapshot(number -> 0);
    }
    libraries();
    limits();
    exhausted();
    waits().numbers(WaitCall.READ);
    threadName(0);
    stay((int) ProcessHandle.current().pid());
    heldByChildren(List.of());
    failures();
    Errno.name(Errno.EMFILE);
    // What the first scan may have found no reason to use.
    FdInfo any = new FdInfo("tfd: 1\neventfd-count: 1\nit_value: (0, 0)");
    any.watched();
    any.eventCount();
    any.armed();
    Socket socket =
        new Socket("tcp", Addresses.inet(new byte[16], 1), "", TcpState.name(1), 0, 0, 0);
    Sockets.kind(socket);
    Sockets.peerGone(TcpState.stage(1));
    Addresses.unix(new byte[1]);
    new TcpInfo(null, 0, 0).listens();
    TcpState.hadData(1);
    TcpState.hadEnd(1);
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
      inspector.begin();
      List<Descriptor> found = new ArrayList<>(numbers.length);
      int left = 0;
      for (int number : numbers) {
        if (isOwn(number)) {
          left++;
          continue;
        }
        Descriptor descriptor = inspector.describe(number);
        if (descriptor != null) {
          found.add(descriptor);
        }
      }
      return new DescriptorSnapshot(at, found, left);
    } finally {
      scanning.unlock();
    }
  }

  @Override
  public DescriptorSnapshot snapshot(IntToLongFunction uses) {
    if (!placesAreNumbers) {
      return snapshot();
    }
    scanning.lock();
    try {
      Instant at = Instant.now();
      if (closed) {
        return new DescriptorSnapshot(at, List.of(), 0);
      }
      directory.hold();
      inspector.begin();
      leftOut = 0;
      List<Descriptor> found = known.scan(this::isLeftOut, uses);
      return new DescriptorSnapshot(at, found, leftOut);
    } finally {
      scanning.unlock();
    }
  }

  private boolean isLeftOut(int number) {
    boolean own = isOwn(number);
    leftOut += own ? 1 : 0;
    return own;
  }

  @Override
  public ThreadWaits waits() {
    scanning.lock();
    try {
      Instant at = Instant.now();
      return closed ? ThreadWaits.unknown(at) : threads.sample(at, directory.threads());
    } finally {
      scanning.unlock();
    }
  }

  @Override
  public ThreadStay stay(int thread) {
    scanning.lock();
    try {
      return closed ? null : threads.stay(thread);
    } finally {
      scanning.unlock();
    }
  }

  @Override
  public boolean isClosed(int number) {
    return closed(number);
  }

  private static boolean closed(int number) {
    return Libc.fcntl(number, Libc.F_GETFD, 0) < 0 && Libc.errno() == Errno.EBADF;
  }

  @Override
  public List<ChildHold> heldByChildren(List<Descriptor> descriptors) {
    scanning.lock();
    try {
      return closed ? List.of() : children.of(descriptors);
    } finally {
      scanning.unlock();
    }
  }

  @Override
  public String threadName(int thread) {
    scanning.lock();
    try {
      return closed ? null : threads.name(thread);
    } finally {
      scanning.unlock();
    }
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

  /**
   * Whether the list can be read from a number on. So it is on Linux; compared, as others who speak
   * its system calls may do it otherwise.
   */
  private boolean placesAreNumbers() {
    try {
      return directory.next(directory.number()) == directory.number();
    } catch (UncheckedIOException e) {
      return false; // Counted among the failures; the whole list is read instead.
    }
  }

  @Override
  public Limits limits() {
    return limits.read();
  }

  @Override
  public boolean exhausted() {
    int count = count();
    long soft = limits().soft();
    if (count < 0 || soft == Limits.UNKNOWN) {
      return false;
    }
    synchronized (counting) {
      return !closed && count + ownCount(counted) >= soft;
    }
  }

  @Override
  public Limits raiseLimit() throws IOException {
    return limits.raise();
  }

  @Override
  public void terminate() throws IOException {
    if (Libc.kill(Libc.getpid(), Libc.SIGTERM) != 0) {
      throw new IOException("kill: " + Errno.name(Libc.errno()));
    }
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
    return Stream.concat(
            Stream.of(inspector.blind(), children.blind()).filter(Objects::nonNull),
            threads.blind().stream())
        .toList();
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
        limits.close();
        inspector.free();
        batch.free();
        children.free();
        status.free();
        counted.free();
      }
    } finally {
      scanning.unlock();
    }
  }
}
