package io.descry.os.tracer;

import io.descry.os.Blind;
import io.descry.os.tracer.Region.Counter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What the tracer had to leave out, each thing since it was first noticed. For one thread. */
final class BlindSpots {
  private static final String WHERE = "where native code opened some descriptors";

  private final Region region;
  private final String reason;
  private final Instant started = Instant.now();
  private final Map<Counter, Instant> since = new EnumMap<>(Counter.class);
  private Instant unreadSince;
  private long unread;

  /**
   * Nothing noticed yet.
   *
   * @param reason why stacks are not whole; {@code null} when they are
   */
  BlindSpots(Region region, String reason) {
    this.region = region;
    this.reason = reason;
  }

  /**
   * Notices what was left out by now.
   *
   * @param unread how many objects' symbols could not be read
   */
  void refresh(long unread) {
    for (Counter counter : Counter.values()) {
      if (!since.containsKey(counter) && region.counter(counter) > 0) {
        since.put(counter, Instant.now());
      }
    }
    this.unread = unread;
    unreadSince = unreadSince == null && unread > 0 ? Instant.now() : unreadSince;
  }

  /** One line for each. */
  List<Blind> list() {
    List<Blind> spots = new ArrayList<>();
    if (reason != null) {
      spots.add(new Blind("call stacks of native code", started, reason));
    }
    since.forEach((counter, at) -> spots.add(spot(counter, region.counter(counter), at)));
    if (unread > 0) {
      spots.add(
          new Blind(
              "names of native functions",
              unreadSince,
              "the symbols of " + unread + " loaded objects could not be read"));
    }
    return List.copyOf(spots);
  }

  private static Blind spot(Counter counter, long count, Instant since) {
    return switch (counter) {
      case STACKS_SKIPPED ->
          new Blind(
              WHERE,
              since,
              count
                  + " native opens were recorded without a stack, as opens came faster than the"
                  + " budget for stacks allows");
      case STACKS_FULL ->
          new Blind(
              WHERE,
              since,
              count
                  + " native opens were recorded without a stack, as the memory for different"
                  + " stacks is full");
      case LOST ->
          new Blind(
              "what native code did with some descriptors",
              since,
              count
                  + " records were given up, as another thread was writing about the same number;"
                  + " nothing is concluded about these");
      case BEYOND ->
          new Blind(
              "native opens and closes of high numbers",
              since,
              count + " were of numbers beyond those that the tracer has memory for");
      case ERRORS_FULL ->
          new Blind(
              "failed calls of native code",
              since,
              count + " were not counted, as the table of errors is full");
      case OBJECTS_FULL ->
          new Blind(
              "opens and closes by some native libraries",
              since,
              count + " loaded objects are not traced, as the table of objects is full");
      case INTERPOSED ->
          new Blind(
              "native calls that go another way",
              since,
              count
                  + " imports of loaded objects lead to something else than the C library (a"
                  + " preloaded library, another tool) and were left alone");
    };
  }
}
