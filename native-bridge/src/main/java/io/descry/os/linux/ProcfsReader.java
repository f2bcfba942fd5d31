package io.descry.os.linux;

import io.descry.os.Answer;
import io.descry.os.Blind;
import io.descry.os.Descriptor;
import io.descry.os.DescriptorSnapshot;
import io.descry.os.Facts;
import io.descry.os.Failure;
import io.descry.os.Failures;
import io.descry.os.Kind;
import io.descry.os.Limits;
import io.descry.os.OwnNumbers;
import io.descry.os.ProcessDescriptors;
import io.descry.os.Socket;
import io.descry.os.ThreadWaits;
import io.descry.os.WaitCall;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Reads /proc in plain Java, where JNA cannot be loaded. It must open what it reads, so that at the
 * limit it sees nothing but the count; what else it does not see stands in {@link #blind()}.
 */
public final class ProcfsReader implements ProcessDescriptors {
  private static final Path SELF = Path.of("/proc/self");
  private static final Path FD = SELF.resolve("fd");
  private static final List<String> TABLES = List.of("tcp", "tcp6", "udp", "udp6", "unix");

  private static final String LOST =
      "the descriptors of a process at its limit; open flags and file positions; sockets that are"
          + " not bound or are in another network namespace; idle times, byte counts and pending"
          + " errors of sockets; peers and queues of unix sockets; whether the other end of a pipe"
          + " is gone; close-on-exec flags";

  private final Failures failures = new Failures();
  private final OwnNumbers own = new OwnNumbers();
  private final List<Blind> blind = new ArrayList<>();
  private final ThreadSampler threads =
      new ThreadSampler(
          Architecture.of(System.getProperty("os.arch")), path -> read(Path.of(path)));
  private final boolean sizeIsCount;
  private volatile Limits known = new Limits(Limits.UNKNOWN, Limits.UNKNOWN);

  /**
   * A reader; holds nothing open.
   *
   * @param why why the adapter that sees more is not used, for {@link #blind()}
   */
  public ProcfsReader(String why) {
    Instant now = Instant.now();
    blind.add(new Blind(LOST, now, why));
    sizeIsCount = sizeIsCount();
    // Uses every class once: at the limit a loader can open no class file and no jar any more.
    try {
      snapshot();
    } catch (UncheckedIOException e) {
      // Counted among the failures; this may be a process that is at its limit already.
      blind.add(new Blind("every descriptor, at the start", now, e.getMessage()));
    }
    exhausted();
    libraries();
    waits().numbers(WaitCall.READ);
    threadName(0);
  }

  @Override
  public int count() {
    try {
      // Descry's own list is open while its entries are counted, and is one of them.
      int all = sizeIsCount ? (int) Files.size(FD) : list().length - 1;
      return all - own.size();
    } catch (IOException e) {
      refused("count", e);
      return -1;
    }
  }

  @Override
  public synchronized DescriptorSnapshot snapshot() {
    Instant at = Instant.now();
    // Before the list: what is opened to read these is closed again when the list is made.
    ProcNet sockets = sockets();
    int[] numbers;
    try {
      numbers = list();
    } catch (IOException e) {
      refused("list", e);
      throw new UncheckedIOException(e);
    }
    List<Descriptor> found = new ArrayList<>(numbers.length);
    int left = 0;
    for (int number : numbers) {
      if (own.contains(number)) {
        left++;
        continue;
      }
      Descriptor descriptor = describe(number, sockets);
      if (descriptor != null) {
        found.add(descriptor);
      }
    }
    found.replaceAll(this::withInfo);
    return new DescriptorSnapshot(at, found, left);
  }

  /** What a number is now; {@code null} when it is closed. Opens nothing. */
  private Descriptor describe(int number, ProcNet sockets) {
    Path link = FD.resolve(Integer.toString(number));
    String target;
    try {
      target = Files.readSymbolicLink(link).toString();
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      refused("readlink", e);
      target = "";
    }
    int mode = -1;
    long device = 0;
    long inode = 0;
    long links = -1;
    try {
      Map<String, Object> status = Files.readAttributes(link, "unix:mode,dev,ino,nlink");
      links = (Integer) status.get("nlink");
      mode = (Integer) status.get("mode");
      device = (Long) status.get("dev");
      inode = (Long) status.get("ino");
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      refused("stat", e);
    }
    Kind kind = Links.kind(target, mode);
    Socket socket = null;
    if (Links.isSocket(target)) {
      socket = sockets.socket(Links.inode(target));
      kind = Sockets.kind(socket);
    }
    Facts facts =
        new Facts(
            Answer.UNKNOWN,
            mode == -1 ? Answer.UNKNOWN : Links.deleted(kind, links),
            peerGone(kind, target, socket),
            -1,
            Answer.UNKNOWN);
    long known = inode != 0 ? inode : Links.inode(target);
    return new Descriptor(number, kind, target, device, known, -1, -1, socket, null, facts);
  }

  private static Answer peerGone(Kind kind, String target, Socket socket) {
    return switch (kind) {
      case PIPE, SOCKET_UDP -> Answer.UNKNOWN;
      case SOCKET_TCP, SOCKET_UNIX -> Sockets.peerGone(socket.stage());
      default -> Links.isSocket(target) ? Answer.UNKNOWN : Answer.NO;
    };
  }

  /** After all links were read: what this opens must not be among them. */
  private Descriptor withInfo(Descriptor d) {
    String text = Links.hasInfo(d.kind()) ? read(SELF.resolve("fdinfo/" + d.number())) : null;
    if (text == null) {
      return d;
    }
    FdInfo info = new FdInfo(text);
    Facts facts =
        new Facts(
            info.closeOnExec(),
            d.facts().deleted(),
            d.facts().peerGone(),
            info.eventCount(),
            info.armed());
    return new Descriptor(
        d.number(),
        d.kind(),
        d.target(),
        d.device(),
        d.inode(),
        info.flags(),
        d.position(),
        d.socket(),
        d.kind() == Kind.EVENTPOLL ? info.watched() : null,
        facts);
  }

  @Override
  public synchronized ThreadWaits waits() {
    Instant at = Instant.now();
    String[] names = new File(ThreadSampler.TASKS).list();
    if (names == null) {
      failures.count("list", ThreadSampler.TASKS);
      return ThreadWaits.unknown(at);
    }
    return threads.sample(at, Arrays.stream(names).mapToInt(Integer::parseInt).toArray());
  }

  @Override
  public synchronized String threadName(int thread) {
    return threads.name(thread);
  }

  private ProcNet sockets() {
    ProcNet sockets = new ProcNet();
    for (String protocol : TABLES) {
      String table = read(SELF.resolve("net/" + protocol));
      if (table != null) {
        sockets.add(protocol, table);
      }
    }
    return sockets;
  }

  /** The open numbers, ascending, one of which is the list itself. */
  private static int[] list() throws IOException {
    // Not Files.list: that holds two descriptors, and this one.
    String[] names = new File(FD.toString()).list();
    if (names == null) {
      throw new IOException(FD + " cannot be listed");
    }
    return Arrays.stream(names).mapToInt(Integer::parseInt).sorted().toArray();
  }

  private String read(Path path) {
    // Not Files.readString: its class opens a socket pair for good in JDK 17.
    try (InputStream in = new FileInputStream(path.toFile())) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      // No such protocol in this kernel, or the descriptor or thread is gone; or it is refused.
      if (Files.exists(path)) {
        refused(e instanceof FileNotFoundException ? "open" : "read", e);
      }
      return null;
    }
  }

  private boolean sizeIsCount() {
    try {
      for (int i = 0; i < 5; i++) {
        long size = Files.size(FD);
        if (size == 0) {
          return false;
        }
        if (size == list().length - 1) {
          return true;
        }
      }
    } catch (IOException e) {
      refused("count", e);
    }
    return false;
  }

  @Override
  public Limits limits() {
    String limits = read(SELF.resolve("limits"));
    return EarlyLook.limits(limits == null ? "" : limits);
  }

  /** By the limit that was last read: at the limit it cannot be read any more. */
  @Override
  public boolean exhausted() {
    Limits now = limits();
    if (now.soft() != Limits.UNKNOWN) {
      known = now;
    }
    return known.soft() != Limits.UNKNOWN && count() + own.size() >= known.soft();
  }

  @Override
  public List<String> libraries() {
    String maps = read(SELF.resolve("maps"));
    return maps == null
        ? List.of()
        : LoadedLibraries.foreign(maps, Path.of(System.getProperty("java.home")), null);
  }

  @Override
  public List<Blind> blind() {
    List<Blind> all = new ArrayList<>(blind);
    all.addAll(threads.blind());
    return List.copyOf(all);
  }

  @Override
  public List<Failure> failures() {
    return failures.list();
  }

  /** Java does not give the error's number, only its text. */
  private void refused(String operation, IOException e) {
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    failures.count(operation, reason == null ? e.getClass().getSimpleName() : reason);
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
    // Holds nothing.
  }
}
