package io.descry.reconcile;

import java.util.List;

/** Tells the frames of an application from those of the JDK and of libraries that do its I/O. */
public final class Frames {
  private static final List<String> JDK = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.");

  private static final List<String> PLUMBING =
      List.of(
          "kotlin.",
          "kotlinx.",
          "scala.",
          "groovy.",
          "io.netty.",
          "io.vertx.core.",
          "reactor.netty.");

  private Frames() {}

  /**
   * Where the application begins: the index of the innermost frame outside the JDK and I/O
   * libraries, else of the innermost outside the JDK; -1 when the stack has none.
   */
  public static int application(List<String> frames) {
    int library = -1;
    for (int i = 0; i < frames.size(); i++) {
      String bare = bare(frames.get(i));
      if (JDK.stream().noneMatch(bare::startsWith)) {
        if (PLUMBING.stream().noneMatch(bare::startsWith)) {
          return i;
        }
        library = library < 0 ? i : library;
      }
    }
    return library;
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
