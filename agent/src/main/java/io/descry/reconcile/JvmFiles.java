package io.descry.reconcile;

import io.descry.os.Descriptor;
import io.descry.os.Identity;
import io.descry.os.Kind;
import java.util.regex.Pattern;

/** Tells the descriptors that HotSpot and the JDK keep for themselves, by what they lead to. */
final class JvmFiles {
  private static final String RECORDING = ".jfr";

  /** Compiled when first needed, for that takes long in a process that has just begun. */
  private static final class Recordings {
    /** JFR's repository: {@code <base>/<time>_<pid>/<time>.jfr} (jdk.jfr.internal.Repository). */
    static final Pattern IN_REPOSITORY = Pattern.compile(".*/\\d{4}(_\\d\\d){5}_\\d+/[^/]+");
  }

  private final String javaHome;
  private final String attachSocket;
  private Identity marker;

  JvmFiles(String javaHome, long pid) {
    this.javaHome = javaHome + "/";
    // os/posix/attachListener_posix.cpp: the socket that jcmd and the attach API talk to.
    this.attachSocket = "/.java_pid" + pid;
  }

  /** Whether the JVM keeps it; asked only about what Java code has not opened. */
  boolean has(Descriptor descriptor) {
    String target = descriptor.target();
    if (descriptor.kind() == Kind.SOCKET_UNIX) {
      return descriptor.socket() != null
          && (descriptor.socket().local().contains(attachSocket)
              || descriptor.socket().remote().contains(attachSocket)
              || isMarker(descriptor));
    }
    return target.startsWith(javaHome)
        || target.contains("/hsperfdata_")
        || target.endsWith(RECORDING) && Recordings.IN_REPOSITORY.matcher(target).matches();
  }

  /**
   * Whether it is how jcmd or the attach API talks to this JVM (os/posix/attachListener_posix.cpp).
   * It is closed when they have got their answer: whoever reads that the number leads to it, in a
   * report asked for in this way above all, finds it closed.
   */
  static boolean isAttachConnection(OwnedDescriptor owned) {
    return owned.group().owner() == Owner.JVM && owned.descriptor().kind() == Kind.SOCKET_UNIX;
  }

  /**
   * The JDK's socket dispatchers keep one end of a nameless socket pair, onto which they dup what
   * is being closed (FileDispatcherImpl.c and UnixDispatcher.c, init). It is made with the first
   * socket, by native code, and never closed: the first nameless socket that is in no ledger.
   */
  private boolean isMarker(Descriptor descriptor) {
    if (!descriptor.socket().local().isEmpty() || !descriptor.socket().remote().isEmpty()) {
      return false;
    }
    if (marker == null) {
      marker = descriptor.identity();
    }
    return marker.equals(descriptor.identity());
  }
}
