package io.descry.reconcile;

import io.descry.os.Descriptor;
import io.descry.os.Kind;
import java.util.regex.Pattern;

/** Tells the descriptors that HotSpot and the JDK keep for themselves, by what they lead to. */
final class JvmFiles {
  /** JFR's repository: {@code <base>/<time>_<pid>/<time>.jfr} (jdk.jfr.internal.Repository). */
  private static final Pattern RECORDING =
      Pattern.compile(".*/\\d{4}(_\\d\\d){5}_\\d+/[^/]+\\.jfr");

  private final String javaHome;
  private final String attachSocket;

  JvmFiles(String javaHome, long pid) {
    this.javaHome = javaHome + "/";
    // os/posix/attachListener_posix.cpp: the socket that jcmd and the attach API talk to.
    this.attachSocket = "/.java_pid" + pid;
  }

  boolean has(Descriptor descriptor) {
    String target = descriptor.target();
    if (descriptor.kind() == Kind.SOCKET_UNIX) {
      return descriptor.socket() != null
          && (descriptor.socket().local().contains(attachSocket)
              || descriptor.socket().remote().contains(attachSocket));
    }
    return target.startsWith(javaHome)
        || target.contains("/hsperfdata_")
        || RECORDING.matcher(target).matches();
  }
}
