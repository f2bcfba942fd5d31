package io.descry.junit;

import java.util.List;

/**
 * What is left open on purpose: by the JDK, by tools that run tests, and by what a user names. It
 * is opened when it is first needed, in whichever test that is, and is no leak of that test.
 *
 * @param ignore what the user names
 */
record OnPurpose(List<String> ignore) {
  /** Classes and packages of which any frame in the stack is enough. */
  private static final List<String> KEEPERS =
      List.of(
          // A class loader opens an archive when it first looks into it, and keeps it.
          "jdk.internal.loader.URLClassPath",
          // The jar cache of "jar:" URLs (sun.net.www.protocol.jar.JarFileFactory).
          "sun.net.www.protocol.jar",
          // Up to 21 an HttpClient cannot be closed: its selector goes when it is collected.
          "jdk.internal.net.http",
          // Connections are kept for later requests for a while (KeepAliveCache).
          "sun.net.www.http",
          // Connections and listening sockets are kept while something is exported (TCPChannel).
          "sun.rmi.transport",
          // Of virtual threads; of the default group of asynchronous channels.
          "sun.nio.ch.Poller",
          "sun.nio.ch.LinuxAsynchronousChannelProvider.defaultEventPort",
          // Recordings, and what talks to whoever attaches.
          "jdk.jfr",
          "sun.tools.attach",
          "jdk.internal.agent",
          // Log files, opened by the first line that is logged and when they roll over.
          "java.util.logging",
          "ch.qos.logback.core",
          "org.apache.logging.log4j.core",
          "org.apache.log4j",
          // Contexts are shared by all tests that want an equal one, until the JVM ends.
          "org.springframework.test.context.cache",
          // What measures and runs the tests.
          "org.jacoco.agent",
          "com.intellij.rt",
          "org.apache.maven.surefire.booter");

  private static final String STATIC_INITIALISER = ".<clinit>(";

  /** Whether this descriptor is. */
  boolean includes(Leftover leftover) {
    for (String frame : leftover.java()) {
      String bare = Frames.bare(frame);
      // Once in the life of a class, and for as long as that lives.
      if (bare.contains(STATIC_INITIALISER) || isOfAny(bare, KEEPERS) || isOfAny(bare, ignore)) {
        return true;
      }
    }
    return ignore.stream().anyMatch(one -> isLibrary(leftover, one) || isPath(leftover, one));
  }

  private static boolean isOfAny(String bare, List<String> names) {
    for (String name : names) {
      if (Frames.isOf(bare, name) || bare.startsWith(name + "(")) {
        return true;
      }
    }
    return false;
  }

  private static boolean isLibrary(Leftover leftover, String name) {
    return leftover.library() != null
        && (leftover.library().equals(name) || leftover.library().startsWith(name + " "));
  }

  private static boolean isPath(Leftover leftover, String path) {
    return path.startsWith("/")
        && leftover.target() != null
        && (leftover.target().equals(path)
            || leftover.target().startsWith(path.endsWith("/") ? path : path + "/"));
  }
}
