package io.descry.os.tracer;

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
   * The soname, which survives extraction under a made-up file name; else the file's name. Without
   * directories, which some linkers put into the soname ({@code ../build/libjnidispatch.so}).
   */
  public String name() {
    if (role == Role.FETCHED) {
      return "FFM API";
    }
    String full = soname == null ? path : soname;
    return full.substring(full.lastIndexOf('/') + 1);
  }
}
