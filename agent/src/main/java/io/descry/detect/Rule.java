package io.descry.detect;

import java.util.List;

/** One way to tell a leak or a bug. Called once per scan, by one thread at a time. */
sealed interface Rule
    permits OwnerUnreachable, Growth, ClosedBehindOwner, ClosedByCollector, Neglect {

  /**
   * Takes in a scan.
   *
   * @return what holds after it; a finding keeps its id for as long as it holds
   */
  List<Finding> examine(Scan scan);

  /**
   * The name of what is not looked for on Windows, which does not tell what it is seen by; {@code
   * null} when the rule serves both systems. All serve Linux.
   */
  default String unseenOnWindows() {
    return null;
  }
}
