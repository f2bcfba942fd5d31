package io.descry.owner;

import java.util.ArrayList;
import java.util.List;

/**
 * One class of a library whose objects stand for something native, and the methods at which they
 * begin and end to do so. Told by shape: the class is found by the end of its name, so that copies
 * that were moved into another package are found too, and its methods by name and parameters.
 *
 * @param name canonical name of the class; less its first segment, it is the end by which copies
 *     are found ({@code io.netty.channel.unix.Socket} finds {@code my.netty.channel.unix.Socket})
 * @param opens where a handle begins
 * @param closes where a handle ends
 * @param parts where a handle gets other handles as its parts
 */
public record HandleType(String name, List<Open> opens, List<Close> closes, List<Parts> parts) {
  /**
   * After these methods returned normally, there is a handle.
   *
   * @param method a name, {@code <init>} for constructors; all overloads that the claim fits
   * @param claim what the handle stands for
   * @param returned whether the handle is the object that the method returns, rather than the
   *     object whose method it is; always so of a static method
   */
  public record Open(String method, Claim claim, boolean returned) {}

  /**
   * On entry to these methods, the handle ends.
   *
   * @param method a name; all overloads
   * @param number where its number is, or {@link Claim#nothing()} when it was not opened with one
   * @param ofParameter whether the handle is the first parameter that is an object, rather than the
   *     object whose method it is
   */
  public record Close(String method, Claim number, boolean ofParameter) {}

  /**
   * After these methods returned normally, objects in fields of the handle are parts of it: handles
   * of their own, whose meaning and library are those of the whole.
   *
   * @param method a name, {@code <init>} for constructors
   * @param fields names of fields that the class declares; absent ones are left out
   */
  public record Parts(String method, List<String> fields) {}

  public HandleType {
    if (name.indexOf('.') < 0) {
      throw new IllegalArgumentException("no package: " + name);
    }
    opens = List.copyOf(opens);
    closes = List.copyOf(closes);
    parts = List.copyOf(parts);
  }

  /** A type with nothing to advise yet. */
  public static HandleType of(String name) {
    return new HandleType(name, List.of(), List.of(), List.of());
  }

  /** This type, with methods after which the object is a handle; of a static one its result is. */
  public HandleType opens(String method, Claim claim) {
    return new HandleType(name, with(opens, new Open(method, claim, false)), closes, parts);
  }

  /** This type, with methods that return a handle, which may be of another type. */
  public HandleType opensReturned(String method, Claim claim) {
    return new HandleType(name, with(opens, new Open(method, claim, true)), closes, parts);
  }

  /** This type, with methods that end a handle; see {@link Close}. */
  public HandleType closes(String method, Claim number) {
    return new HandleType(name, opens, with(closes, new Close(method, number, false)), parts);
  }

  /** This type, with methods that end the handle that is their parameter; see {@link Close}. */
  public HandleType closesParameter(String method) {
    Close close = new Close(method, Claim.nothing(), true);
    return new HandleType(name, opens, with(closes, close), parts);
  }

  /** This type, with a method after which other handles are its parts; see {@link Parts}. */
  public HandleType parts(String method, String... fields) {
    return new HandleType(name, opens, closes, with(parts, new Parts(method, List.of(fields))));
  }

  /** The end that the names of all copies of the class have, beginning with a dot. */
  public String suffix() {
    return name.substring(name.indexOf('.'));
  }

  private static <T> List<T> with(List<T> list, T more) {
    List<T> longer = new ArrayList<>(list);
    longer.add(more);
    return longer;
  }
}
