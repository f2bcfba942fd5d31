package io.descry.junit;

/** Reads frames as {@code StackTraceElement.toString()} prints them. */
final class Frames {
  private Frames() {}

  /**
   * A frame without {@code loader/module@version/}: {@code pack.Class.method(Class.java:1)}. A
   * slash after {@code $$} belongs to the name of a hidden class.
   */
  static String bare(String frame) {
    int end = frame.indexOf('(');
    int hidden = frame.indexOf("$$");
    end = hidden >= 0 && (end < 0 || hidden < end) ? hidden : end;
    return end < 0 ? frame : frame.substring(frame.lastIndexOf('/', end) + 1);
  }

  /** Whether a bare frame is of this class, one nested in it, or of a package or one in it. */
  static boolean isOf(String bare, String name) {
    if (!bare.startsWith(name) || bare.length() == name.length()) {
      return false;
    }
    char next = bare.charAt(name.length());
    return next == '.' || next == '$';
  }
}
