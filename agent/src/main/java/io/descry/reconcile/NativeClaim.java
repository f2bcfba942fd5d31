package io.descry.reconcile;

import io.descry.os.Descriptor;
import io.descry.os.Kind;
import io.descry.os.tracer.NativeObject;
import io.descry.os.tracer.NativeUse;
import java.util.Set;

/**
 * What a tracer's record says of a descriptor that the snapshot shows: who is answerable by it, or
 * nothing when the two do not fit.
 */
final class NativeClaim {
  /**
   * The JDK's objects through which Java code opens. What they opened is in the ledger; where it is
   * not, the ledger missed it, and no more is known of it than of anything foreign.
   */
  private static final Set<String> JAVAS_DOORS =
      Set.of("libjava.so", "libnet.so", "libnio.so", "libextnet.so", "libsctp.so", "libzip.so");

  private NativeClaim() {}

  /** {@link Owner#LIBRARY}, {@link Owner#JVM} or {@link Owner#AGENT}; {@code null}: no claim. */
  static Owner owner(NativeUse use, Descriptor descriptor) {
    if (use == null || use.close() != null || use.doubtful() || use.object() == null) {
      return null;
    }
    if (!fits(use, descriptor)) {
      return null;
    }
    NativeObject object = use.object();
    return switch (object.role()) {
      case DESCRY -> Owner.AGENT;
      case JDK -> JAVAS_DOORS.contains(object.name()) ? null : Owner.JVM;
      case LIBRARY, FETCHED -> Owner.LIBRARY;
    };
  }

  /** Whether native code beside the JDK holds the number by what was recorded last. */
  static boolean isLibrarys(NativeUse use) {
    return use != null && use.close() == null && !use.doubtful() && isLibrary(use.object());
  }

  /** Whether an object is neither the JDK's nor Descry's. */
  static boolean isLibrary(NativeObject object) {
    return object != null
        && (object.role() == NativeObject.Role.LIBRARY
            || object.role() == NativeObject.Role.FETCHED);
  }

  /** Whether what is open now can be what was opened: a raw system call passes the tracer by. */
  private static boolean fits(NativeUse use, Descriptor descriptor) {
    boolean sameFile =
        use.inode() == 0
            || descriptor.inode() == 0
            || use.inode() == descriptor.inode() && use.device() == descriptor.device();
    return sameFile && canBe(use.call(), descriptor.kind());
  }

  /** All anonymous inodes are one inode, so the call must tell them apart. */
  private static boolean canBe(String call, Kind kind) {
    return switch (call) {
      case "epoll_create", "epoll_create1" -> kind == Kind.EVENTPOLL;
      case "eventfd" -> kind == Kind.EVENTFD;
      case "timerfd_create" -> kind == Kind.TIMERFD;
      case "signalfd" -> kind == Kind.SIGNALFD;
      case "inotify_init", "inotify_init1" -> kind == Kind.INOTIFY;
      case "pipe", "pipe2", "popen" -> kind == Kind.PIPE;
      case "socket", "socketpair", "accept", "accept4" -> kind.isSocket() || kind == Kind.OTHER;
      case "memfd_create", "memfd_secret" -> kind == Kind.MEMFD || kind == Kind.OTHER;
      default -> true;
    };
  }
}
