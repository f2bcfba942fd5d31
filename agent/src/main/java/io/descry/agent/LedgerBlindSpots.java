package io.descry.agent;

import io.descry.ledger.Handles;
import io.descry.ledger.Ledger;
import io.descry.os.Blind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the ledger and the book of handles had to leave out, in words. */
final class LedgerBlindSpots {
  private LedgerBlindSpots() {}

  /**
   * Those of this moment.
   *
   * @param started when the ledger began
   * @param doubted since when the ledger may have missed opens and closes; {@code null}: never
   */
  static List<Blind> now(Instant started, Instant doubted) {
    List<Blind> all = new ArrayList<>();
    long withoutStack = Ledger.withoutStack();
    if (withoutStack > 0) {
      all.add(
          new Blind(
              "where Java code opened " + withoutStack + " descriptors so far",
              started,
              "opens came faster than the budget for stacks allows, so sites are a sample;"
                  + " stacks=all takes every stack, at its cost"));
    }
    if (doubted != null) {
      all.add(
          new Blind(
              "some opens or closes by Java code",
              doubted,
              "the ledger failed ("
                  + reason(Ledger.fault())
                  + "); what it missed looks foreign, and of what was open then no more is said"));
    }
    if (Handles.missed) {
      all.add(
          new Blind(
              "some of the libraries' own objects",
              started,
              "recording them failed (" + reason(Handles.fault()) + ")"));
    }
    if (Handles.lost() > 0) {
      all.add(
          new Blind(
              "%,d of the libraries' own objects".formatted(Handles.lost()),
              started,
              "there were more at a time than Descry remembers"));
    }
    return all;
  }

  private static String reason(Throwable fault) {
    return fault == null ? "out of stack, most likely" : fault.toString();
  }
}
