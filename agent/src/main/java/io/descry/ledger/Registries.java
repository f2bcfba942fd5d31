package io.descry.ledger;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * The meter registries that the application makes, told by advice in their constructor. Holds them
 * weakly, and a bounded number of them. Safe for several threads.
 */
public final class Registries {
  private static final Queue<Map.Entry<Reference<Object>, Long>> MADE =
      new ArrayBlockingQueue<>(1000);

  /** Set by advice when its call has thrown. */
  public static volatile boolean missed;

  private Registries() {}

  /** Notes a registry, which is still under construction. */
  public static void made(Object registry) {
    // One beyond the bound is dropped: nobody has that many to be read.
    MADE.offer(Map.entry(new WeakReference<>(registry), System.nanoTime()));
  }

  /** Those made since the last call, each with the {@code System.nanoTime} of that. */
  public static List<Map.Entry<Reference<Object>, Long>> take() {
    List<Map.Entry<Reference<Object>, Long>> taken = new ArrayList<>();
    for (Map.Entry<Reference<Object>, Long> one = MADE.poll(); one != null; one = MADE.poll()) {
      taken.add(one);
    }
    return taken;
  }
}
