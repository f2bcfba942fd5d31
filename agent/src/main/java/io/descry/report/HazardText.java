package io.descry.report;

import io.descry.detect.Finding;
import java.util.Map;

/** What is told of hazards in other words than of leaks. */
final class HazardText {
  private static final String DOUBLE_CLOSE = "double-close";

  // What a rule found, to somebody who has never heard of it.
  private static final Map<String, String> RULES =
      Map.of(
          DOUBLE_CLOSE,
          "Native code closed numbers that were closed already. Where somebody else has been given"
              + " such a number meanwhile, it is theirs that is closed.",
          "close-under-use",
          "Threads wait on numbers that were closed under them: nothing wakes them, and their next"
              + " call goes to whatever has the number by then.",
          "inherited",
          "Child processes hold these as well, since they were opened without close-on-exec: closed"
              + " here, they stay open there.");

  private HazardText() {}

  /** In words what the rule found; {@code null} for a rule that is not of these. */
  static String meaning(String rule) {
    return RULES.get(rule);
  }

  /** Who did it, as {@link FindingText#who} says who opened. */
  static String who(Finding finding) {
    String who = FindingText.who(finding.group());
    return isByCloser(finding) ? who.replaceFirst("^opened by ", "closed by ") : who;
  }

  /** The site of such a finding is where it was closed. */
  static boolean isByCloser(Finding finding) {
    return finding.rule().equals(DOUBLE_CLOSE);
  }
}
