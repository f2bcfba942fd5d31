package io.descry.detect;

import io.descry.reconcile.GroupKey;

/** Parts of advice. */
final class Advice {
  private Advice() {}

  /** Where something was opened, to follow a word; empty when unknown. */
  static String at(GroupKey key) {
    return key.site().applicationFrame().map(frame -> " (opened by " + frame + ")").orElse("");
  }
}
