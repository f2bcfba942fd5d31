package io.descry.alert;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** So many within any hour, and no more. For use by one thread. */
final class HourlyLimit {
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  private final int most;
  private final LongSupplier nanos;
  private final Deque<Long> taken = new ArrayDeque<>();

  HourlyLimit(int most) {
    this(most, System::nanoTime);
  }

  HourlyLimit(int most, LongSupplier nanos) {
    this.most = most;
    this.nanos = nanos;
  }

  /** Takes one, if there is one left. */
  boolean take() {
    long now = nanos.getAsLong();
    while (!taken.isEmpty() && now - taken.peekFirst() >= HOUR) {
      taken.removeFirst();
    }
    return taken.size() < most && taken.add(now);
  }
}
