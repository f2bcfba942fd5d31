package io.descry.owner;

import java.util.List;

/**
 * What a handle stands for, and where advised code finds that.
 *
 * @param kind what is claimed
 * @param source where it is found
 * @param name of the field or method; {@code null} for a parameter
 * @param siblings endings of the files that belong to a claimed one; empty for other kinds
 */
public record Claim(Kind kind, Source source, String name, List<String> siblings) {
  /** What is claimed. */
  public enum Kind {
    /** A descriptor, by its number. */
    NUMBER,
    /** The descriptor that a {@link java.io.FileDescriptor} has, or will have. */
    DESCRIPTOR,
    /** A file, and its siblings. */
    FILE,
    /** All that lies under a directory. */
    DIRECTORY,
    /** The object itself, of which only the existence is told. */
    NOTHING
  }

  /** Where advised code finds it. */
  public enum Source {
    /** The first parameter of the fitting type. */
    PARAMETER,
    /** A field of the handle that its class declares. */
    FIELD,
    /** What a method without parameters of the handle returns; it is not private. */
    GETTER,
    /** Nowhere. */
    NOWHERE
  }

  public Claim {
    siblings = List.copyOf(siblings);
  }

  /** The number in the first {@code int} parameter. */
  public static Claim numberParameter() {
    return new Claim(Kind.NUMBER, Source.PARAMETER, null, List.of());
  }

  /** The number in an {@code int} field. */
  public static Claim numberField(String name) {
    return new Claim(Kind.NUMBER, Source.FIELD, name, List.of());
  }

  /** The number that a method returns; that must be cheap, not private, and change nothing. */
  public static Claim numberGetter(String name) {
    return new Claim(Kind.NUMBER, Source.GETTER, name, List.of());
  }

  /** The descriptor in a {@link java.io.FileDescriptor} field, which may get its number later. */
  public static Claim descriptorField(String name) {
    return new Claim(Kind.DESCRIPTOR, Source.FIELD, name, List.of());
  }

  /**
   * The file that the first {@code String}, else the first {@code File} parameter names.
   *
   * @param siblings what is appended to its name for the files that belong to it
   */
  public static Claim fileParameter(String... siblings) {
    return new Claim(Kind.FILE, Source.PARAMETER, null, List.of(siblings));
  }

  /**
   * The directory that the first {@code String}, else {@code File} parameter names, with all in it.
   */
  public static Claim directoryParameter() {
    return new Claim(Kind.DIRECTORY, Source.PARAMETER, null, List.of());
  }

  /** No descriptor that can be told from here: the handle only says that it exists. */
  public static Claim nothing() {
    return new Claim(Kind.NOTHING, Source.NOWHERE, null, List.of());
  }
}
