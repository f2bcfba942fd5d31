package io.descry.junit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The text of a failure. */
final class Verdict {
  private static final int SHOWN = 5;
  private static final int FRAMES = 16;

  /** What is the same of descriptors that are told together. */
  private record Group(String state, String kind, String library, List<String> java, String test) {}

  private Verdict() {}

  /** What a test or class is called: {@code test leaks() of com.example.SomeTest}. */
  static String name(ExtensionContext context) {
    String type = context.getTestClass().map(Class::getName).orElse("?");
    return context
        .getTestMethod()
        .map(method -> "test " + context.getDisplayName() + " of " + type)
        .orElse("class " + type);
  }

  /**
   * What was left, where it was opened, and what to do.
   *
   * @param tests by which test a descriptor was left, where that is not the context
   */
  static String text(
      ExtensionContext context, List<Leftover> leaks, Map<Leftover.Use, String> tests) {
    Map<Group, List<Leftover>> groups =
        leaks.stream()
            .collect(
                Collectors.groupingBy(
                    one -> group(one, tests), LinkedHashMap::new, Collectors.toList()));
    List<String> lines = new ArrayList<>();
    lines.add(
        name(context)
            + " left "
            + (leaks.size() == 1 ? "1 descriptor" : leaks.size() + " descriptors")
            + " open:");
    groups.forEach((group, members) -> add(lines, group, members));
    lines.add("");
    lines.add(
        "If it is kept on purpose, name the class or package that does, as it stands in the stack:"
            + " @NoDescriptorLeaks(ignore = \"...\")");
    return String.join("\n", lines);
  }

  private static Group group(Leftover one, Map<Leftover.Use, String> tests) {
    return new Group(one.state(), one.kind(), one.library(), one.java(), tests.get(one.use()));
  }

  private static void add(List<String> lines, Group group, List<Leftover> members) {
    Leftover any = members.get(0);
    lines.add("");
    lines.add(
        (members.size() == 1 ? "" : members.size() + " x ")
            + group.kind()
            + (group.library() == null ? ", opened" : ", opened by " + group.library())
            + (any.frame() == null ? "" : " at " + any.frame()));
    for (Leftover one : members.subList(0, Math.min(SHOWN, members.size()))) {
      lines.add(
          "  fd "
              + one.use().number()
              + (one.target() == null ? "" : " " + one.target())
              + (one.call() == null ? "" : ", with " + one.call())
              + (one.thread() == null ? "" : ", by thread \"" + one.thread() + "\"")
              + (one.meaning() == null ? "" : ", " + one.meaning()));
    }
    if (members.size() > SHOWN) {
      lines.add("  and " + (members.size() - SHOWN) + " more");
    }
    if (group.test() != null) {
      lines.add("  opened in " + group.test() + ", and not closed by the end of the class either");
    }
    lines.add("  " + why(group.state()));
    any.natives().stream().limit(FRAMES).forEach(frame -> lines.add("    at " + frame));
    frames(any.java()).forEach(frame -> lines.add("    at " + frame));
  }

  private static String why(String state) {
    return switch (state) {
      case Leftover.COLLECTED -> "Nobody closed it: the garbage collector did.";
      case Leftover.OPEN ->
          "It is open still: something may refer to it, but nobody has closed it.";
      default -> "Nobody can close it any more: its owner was garbage-collected.";
    };
  }

  /** Up to where JUnit calls the test. */
  private static List<String> frames(List<String> java) {
    List<String> shown = new ArrayList<>();
    for (String frame : java) {
      String bare = Frames.bare(frame);
      if (bare.startsWith("java.lang.reflect.") || bare.startsWith("org.junit.")) {
        break;
      }
      if (shown.size() == FRAMES) {
        shown.add("...");
        break;
      }
      shown.add(frame);
    }
    return shown;
  }
}
