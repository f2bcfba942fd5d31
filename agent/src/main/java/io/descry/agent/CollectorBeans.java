package io.descry.agent;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import io.descry.reconcile.GarbageCollections;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Set;

/** What this JVM's management beans say of its garbage collections. */
final class CollectorBeans {
  /**
   * The beans whose collections look at all of the heap, by the names that HotSpot 17 to 25 gives
   * them (the {@code MemoryManager}s in services/memoryManager.hpp and the gc directories). G1's
   * concurrent cycle is one since 20; before that nothing tells of it.
   */
  private static final Set<String> FULL =
      Set.of(
          "MarkSweepCompact",
          "PS MarkSweep",
          "G1 Old Generation",
          "G1 Concurrent GC",
          "ZGC Cycles",
          "ZGC Major Cycles",
          "Shenandoah Cycles");

  private CollectorBeans() {}

  /**
   * What is known now; {@link GarbageCollections#NONE} in a runtime without jdk.management, and
   * where its native library cannot be loaded. The first call loads that, which takes a descriptor.
   */
  static GarbageCollections read() {
    try {
      long count = 0;
      long lastFull = -1;
      for (GarbageCollectorMXBean bean :
          ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class)) {
        long collections = bean.getCollectionCount();
        count += Math.max(0, collections);
        GcInfo last =
            collections > 0 && FULL.contains(bean.getName()) ? bean.getLastGcInfo() : null;
        lastFull = Math.max(lastFull, last == null ? -1 : last.getEndTime());
      }
      return new GarbageCollections(count, lastFull < 0 ? null : sinceStart(lastFull));
    } catch (LinkageError e) {
      // A runtime image without the module, or no descriptor was left to load its library by
      // (UnsatisfiedLinkError, then NoClassDefFoundError): growth is judged without this fact.
      return GarbageCollections.NONE;
    }
  }

  private static Instant sinceStart(long millis) {
    return Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime() + millis);
  }
}
