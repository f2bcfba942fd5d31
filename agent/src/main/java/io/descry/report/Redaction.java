package io.descry.report;

import io.descry.os.Descriptor;
import io.descry.reconcile.Frames;
import io.descry.reconcile.Library;
import io.descry.reconcile.library.PublicObjects;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out of a report what a company does not show to strangers, and counts what it took: file
 * names, addresses, names of hosts, users and threads, the application's own frames. For one report
 * and one thread.
 */
final class Redaction {
  private static final Pattern SYSTEM = Pattern.compile("(?:/usr(?:/local)?)?/lib(?:32|64)?/.*");

  /** Up to what cannot be told from the end of a sentence. */
  private static final Pattern PATH =
      Pattern.compile("(?<![\\w.<>])/(?:[^\\s/,;:'\"()\\[\\]]+/?)+(?: \\(deleted\\))?");

  private static final Pattern KERNEL = Pattern.compile("/(?:proc|sys|dev)(?:/[\\w.]+)*");

  private static final Pattern IPV4 =
      Pattern.compile("(?<![\\w.])\\d{1,3}(?:\\.\\d{1,3}){3}(?::\\d+)?(?![\\w.]*\\.\\d)");

  /** Not a time of day: that has but two colons, and nothing else but digits. */
  private static final Pattern IPV6 =
      Pattern.compile(
          "\\[[0-9A-Fa-f:.%\\w]*:[0-9A-Fa-f:.%\\w]*:[^\\]]*\\](?::\\d+)?"
              + "|(?<![\\w:.])(?:[0-9A-Fa-f]{0,4}:){3,7}[0-9A-Fa-f]{0,4}(?:%\\w+)?(?![\\w:])"
              + "|(?<![\\w:.])(?:[0-9A-Fa-f]{1,4}:)*[0-9A-Fa-f]{0,4}::(?:[0-9A-Fa-f]{1,4}:?)*");

  private static final Pattern THREAD =
      Pattern.compile(
          "(?<=\\bthread )(?!that\\b|was\\b|has\\b|of this)(.+?)(?= \\(\\d+\\)| and failed)");

  /** What may be taken out, in words for one and for more. */
  enum Taken {
    THREAD("thread name", "thread names"),
    ADDRESS("address", "addresses"),
    PATH("path", "paths"),
    NAME("name of the host, a user or a thread", "names of the host, users or threads"),
    DIRECTORY("directory of a library", "directories of libraries"),
    JAVA_FRAME("frame of the application", "frames of the application"),
    NATIVE_FRAME("native frame of the application", "native frames of the application");

    private final String one;
    private final String more;

    Taken(String one, String more) {
      this.one = one;
      this.more = more;
    }

    /** So many of them, in words. */
    String count(int number) {
      return Words.number(number) + " " + (number == 1 ? one : more);
    }
  }

  private final Map<Taken, Integer> taken = new EnumMap<>(Taken.class);
  private final List<String> applicationFrames = new ArrayList<>();
  private final Set<String> names;
  private final Library library;

  /**
   * Nothing is taken out yet.
   *
   * @param library whom the report is for: it may be named
   * @param names of the host, of users and threads
   */
  Redaction(Library library, Set<String> names) {
    this.library = library;
    this.names = names;
  }

  /** What was taken out, and how often. */
  Map<Taken, Integer> taken() {
    return taken;
  }

  /** A sentence, with marks in place of names. */
  String text(String text) {
    String left = replace(THREAD, text, Taken.THREAD, "<thread>");
    left = replace(IPV6, left, Taken.ADDRESS, "<address>");
    left = replace(IPV4, left, Taken.ADDRESS, "<address>");
    Matcher paths = PATH.matcher(left);
    left = paths.replaceAll(found -> Matcher.quoteReplacement(path(found.group())));
    for (String name : names) {
      if (name.length() > 1) {
        Pattern word = Pattern.compile("(?<![\\w.-])" + Pattern.quote(name) + "(?![\\w-])");
        left = replace(word, left, Taken.NAME, "<name>");
      }
    }
    return left;
  }

  /** A descriptor's target: of files nothing but that they are files. */
  String target(Descriptor descriptor) {
    if (descriptor.socket() != null) {
      take(Taken.ADDRESS);
      String state = descriptor.socket().state();
      return descriptor.socket().protocol() + (state.isEmpty() ? "" : " " + state);
    }
    return text(descriptor.target());
  }

  /** The file of a shared object: its place where a distribution puts it, else its name alone. */
  String object(String path) {
    if (SYSTEM.matcher(path).matches()) {
      return path;
    }
    take(Taken.DIRECTORY);
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * Java frames; those that are neither of the JDK nor of a library that Descry knows get numbers.
   */
  String javaFrame(String frame) {
    if (Frames.isPublic(frame)) {
      return Frames.bare(frame);
    }
    take(Taken.JAVA_FRAME);
    int index = applicationFrames.indexOf(frame);
    if (index < 0) {
      index = applicationFrames.size();
      applicationFrames.add(frame);
    }
    return "<application frame " + (index + 1) + ">";
  }

  /** A native frame, whole where its shared object is the library's or a public one. */
  String nativeFrame(String frame) {
    int end = frame.indexOf('!');
    String object = end < 0 ? frame.replaceFirst("\\+0x[0-9a-f]+$", "") : frame.substring(0, end);
    if (PublicObjects.has(object) || isTheLibrarys(object) || object.startsWith("[")) {
      return frame;
    }
    take(Taken.NATIVE_FRAME);
    return "<native code of the application>";
  }

  /** Whether a distribution puts libraries where this file is. */
  static boolean isOfTheSystem(String path) {
    return SYSTEM.matcher(path).matches();
  }

  private boolean isTheLibrarys(String object) {
    String path = library.path();
    String stem = object.replaceFirst("\\.so.*", "");
    return path != null && path.substring(path.lastIndexOf('/') + 1).startsWith(stem);
  }

  private String path(String path) {
    if (KERNEL.matcher(path).matches()) {
      return path;
    }
    if (SYSTEM.matcher(path).matches() && path.contains(".so")) {
      return path;
    }
    take(Taken.PATH);
    return "<path>";
  }

  private String replace(Pattern what, String in, Taken kind, String mark) {
    Matcher matcher = what.matcher(in);
    return matcher.replaceAll(
        found -> {
          take(kind);
          return Matcher.quoteReplacement(mark);
        });
  }

  private void take(Taken kind) {
    taken.merge(kind, 1, Integer::sum);
  }
}
