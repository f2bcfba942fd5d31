package io.descry.detect;

import static io.descry.detect.World.FOREVER;

import io.descry.reconcile.GroupKey;
import java.util.function.Consumer;

/** Up to 24 that are kept at the very site whose others live for milliseconds. */
final class BesideBriefOnes {
  private static final GroupKey SITE = World.file("serve");
  private static final int MOST = 24;

  private BesideBriefOnes() {}

  /** One more, each so many scans. */
  static Consumer<World> pool(World world) {
    int size = world.between(5, MOST);
    int pace = world.between(1, 12);
    return w -> {
      w.openBriefly(SITE, w.between(1, 3));
      w.open(SITE, w.scan() % pace == 0 && w.count(SITE) < size ? 1 : 0, FOREVER);
    };
  }

  /** As chance has it, until there are enough. */
  static Consumer<World> hotOnes(World world) {
    int cap = world.between(5, MOST);
    double rate = 0.05 + world.random.nextDouble() * 2;
    return w -> {
      w.openBriefly(SITE, w.between(1, 3));
      w.open(SITE, Math.min(w.poisson(rate), cap - w.count(SITE)), FOREVER);
    };
  }

  /** As chance has it, and the oldest are closed when there are too many. */
  static Consumer<World> cache(World world) {
    int cap = world.between(5, MOST);
    double rate = 0.1 + world.random.nextDouble() * 4;
    return w -> {
      w.openBriefly(SITE, w.between(1, 3));
      w.open(SITE, w.poisson(rate), FOREVER);
      w.closeOldest(SITE, Math.max(0, w.count(SITE) - cap));
    };
  }
}
