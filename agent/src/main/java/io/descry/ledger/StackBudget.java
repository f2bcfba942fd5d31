package io.descry.ledger;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what stacks may cost: a share of one processor's time, spent as it comes, with an
 * allowance for bursts. Each stack is charged what it took. (The generic cell rate algorithm: one
 * number, the time up to which the allowance is spent.)
 */
final class StackBudget {
  /** One nanosecond of stack taking is paid by this many nanoseconds of time: a share of 1 %. */
  private static final long PRICE = 100;

  /** How far ahead of time spending may run: 50 ms of stack taking. */
  private static final long ALLOWANCE = 50_000_000L * PRICE;

  /** A stack that took longer was interrupted by something else, such as a collection. */
  private static final long DEAREST = 1_000_000;

  private final AtomicLong paidUntil;

  StackBudget(long now) {
    paidUntil = new AtomicLong(now);
  }

  /** Whether a stack may be taken at {@code now}, in {@link System#nanoTime()}. */
  boolean allows(long now) {
    return paidUntil.getPlain() - now < ALLOWANCE;
  }

  /** Charges a stack that was begun at {@code begun} and ended at {@code ended}. */
  void charge(long begun, long ended) {
    long paid = paidUntil.get();
    if (paid - begun < 0) {
      // Unspent time is not saved up beyond the allowance. Losing this race costs a little
      // allowance.
      paidUntil.compareAndSet(paid, begun);
    }
    paidUntil.getAndAdd(Math.min(ended - begun, DEAREST) * PRICE);
  }
}
