package io.descry.agent;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/** How many garbage collections this JVM has run. */
final class GarbageCollections {
  private GarbageCollections() {}

  /** The number so far; 0 in a runtime without the module java.management. */
  static long count() {
    try {
      long count = 0;
      for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
        count += Math.max(0, collector.getCollectionCount());
      }
      return count;
    } catch (NoClassDefFoundError e) {
      // A runtime image without java.management: growth is judged without this fact.
      return 0;
    }
  }
}
