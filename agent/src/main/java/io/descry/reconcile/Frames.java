package io.descry.reconcile;

import java.util.List;
import java.util.regex.Pattern;

/** Tells the frames of an application from those of the JDK and of libraries that do its I/O. */
public final class Frames {
  private static final List<String> JDK = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.");

  /** A proxy's class, in whatever package: java.lang.reflect.Proxy names it so. */
  private static final Pattern PROXY = Pattern.compile("(.*\\.)?\\$Proxy\\d+\\..*");

  /** What stands between a caller and the native code that it calls. */
  private static final List<String> BORDER =
      List.of(
          "com.sun.jna.",
          "java.lang.invoke.",
          "java.lang.reflect.",
          "jdk.internal.foreign.",
          "jdk.internal.reflect.",
          "io.descry.ledger.",
          // native frames
          "libjnidispatch",
          "libffi.");

  private static final List<String> PLUMBING =
      List.of(
          "kotlin.",
          "kotlinx.",
          "scala.",
          "groovy.",
          "io.netty.",
          "io.vertx.core.",
          "reactor.netty.",
          "com.caoccao.javet.",
          "com.zaxxer.hikari.",
          "jnr.",
          "org.newsclub.net.unix.",
          "org.rocksdb.",
          "org.sqlite.");

  private Frames() {}

  /**
   * Where the application begins: the index of the innermost frame outside the JDK and I/O
   * libraries, else of the innermost outside the JDK; -1 when the stack has none.
   */
  public static int application(List<String> frames) {
    int library = -1;
    for (int i = 0; i < frames.size(); i++) {
      String bare = bare(frames.get(i));
      if (JDK.stream().noneMatch(bare::startsWith) && !PROXY.matcher(bare).matches()) {
        if (PLUMBING.stream().noneMatch(bare::startsWith)) {
          return i;
        }
        library = library < 0 ? i : library;
      }
    }
    return library;
  }

  /**
   * Whether a frame belongs to how reflection calls, which changes as a call is repeated: JDK 17
   * generates an accessor class after 15 calls (jdk.internal.reflect.NativeMethodAccessorImpl), and
   * what was one site would become two.
   */
  static boolean isAccessor(String frame) {
    return bare(frame).startsWith("jdk.internal.reflect.");
  }

  /** Whether a frame only hands a call on to native code: JNA's, the FFM API's or reflection's. */
  public static boolean isBorder(String frame) {
    String bare = bare(frame);
    return BORDER.stream().anyMatch(bare::startsWith) || PROXY.matcher(bare).matches();
  }

  /** Whether a frame is the JDK's or of a library that many applications have. */
  public static boolean isPublic(String frame) {
    String bare = bare(frame);
    return JDK.stream().anyMatch(bare::startsWith)
        || PLUMBING.stream().anyMatch(bare::startsWith)
        || BORDER.stream().anyMatch(bare::startsWith);
  }

  /**
   * A frame without "loader/module@version/". A slash after {@code $$} or in the source file
   * belongs to the frame itself: hidden classes are named {@code Outer$$Lambda/0x00007f...}.
   */
  public static String bare(String frame) {
    int end = frame.length();
    for (String mark : List.of("$$", "(")) {
      int at = frame.indexOf(mark);
      end = at < 0 ? end : Math.min(end, at);
    }
    return frame.substring(frame.lastIndexOf('/', end - 1) + 1);
  }
}
