package io.descry.os.tracer;

import java.util.regex.Pattern;

/**
 * A shared object that is or was loaded.
 *
 * @param id the tracer's number for it
 * @param path as the system's loader knows it; the file may be gone
 * @param soname the name that it was built with; {@code null} when it has none
 * @param buildId in hexadecimal; {@code null} when it has none
 * @param role what it is to Descry
 */
public record NativeObject(int id, String path, String soname, String buildId, Role role) {
  /** What File.createTempFile and UUIDs put into the name of an extracted library. */
  private static final Pattern MADE_UP =
      Pattern.compile("[-_.]?(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\\d{5,})");

  /** A number that follows the processor's name at once: {@code _x86_6415925430912.so}. */
  private static final Pattern MACHINE = Pattern.compile("(x86_64|aarch_?64)\\d{3,}");

  /** What an object is to Descry. */
  public enum Role {
    /** Belongs to the JDK. */
    JDK,
    /** Descry's own. */
    DESCRY,
    /** No object: functions that Java code fetched by name through the JVM (FFM API). */
    FETCHED,
    /** Anything else. */
    LIBRARY
  }

  /**
   * The soname, which survives extraction under a made-up file name; else the file's name without
   * what made it unique. Without directories, which some linkers put into the soname ({@code
   * ../build/libjnidispatch.so}). Equal for each copy of a library.
   */
  public String name() {
    if (role == Role.FETCHED) {
      return "FFM API";
    }
    String full = soname == null ? path : soname;
    String file = full.substring(full.lastIndexOf('/') + 1);
    String named = MADE_UP.matcher(MACHINE.matcher(file).replaceAll("$1")).replaceAll("");
    return soname != null || named.isEmpty() ? file : named;
  }
}
