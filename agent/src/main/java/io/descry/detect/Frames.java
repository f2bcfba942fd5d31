package io.descry.detect;

import io.descry.reconcile.Site;
import java.util.List;
import java.util.Optional;

/** Tells the application's stack frames from the JDK's. */
final class Frames {
  private static final List<String> NOT_APPLICATION =
      List.of("java.", "javax.", "jdk.", "sun.", "com.sun.", "io.descry.");

  private Frames() {}

  /**
   * The innermost frame that is neither the JDK's nor Descry's; empty when there is none or no
   * stack is known.
   */
  static Optional<String> application(Site site) {
    return site.java().stream().filter(Frames::isApplication).findFirst();
  }

  /**
   * StackTraceElement.toString() puts the module in front of the JDK's classes ({@code
   * java.base/java.io...}), so that a prefix of the whole text tells either.
   */
  private static boolean isApplication(String frame) {
    return NOT_APPLICATION.stream().noneMatch(frame::startsWith);
  }
}
