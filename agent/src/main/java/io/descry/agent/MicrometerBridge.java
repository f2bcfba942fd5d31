package io.descry.agent;

import io.descry.instrument.RegistryTransformer;
import io.descry.ledger.Registries;
import io.descry.metrics.ApplicationRegistries;
import io.descry.metrics.DescryMetrics;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the application's own meter registries up to date, after each scan, in a thread that ends
 * then: what the application's code leaves in its thread locals goes with it, and one that never
 * comes back holds nothing up.
 */
final class MicrometerBridge implements Outlet {
  private static final Logger LOG = LoggerFactory.getLogger(MicrometerBridge.class);

  /** What frameworks do to a registry once they have made it is done by then. */
  private static final Duration SETTLING = Duration.ofSeconds(2);

  private static final int UNTOLD = 100;

  private final OwnThreads threads;
  private final ApplicationRegistries registries;
  private final RegistryTransformer told;
  private final Queue<Duration> untold = new LinkedBlockingQueue<>(UNTOLD);
  private final AtomicBoolean running = new AtomicBoolean();

  /** To all registries of which the transformer tells. */
  MicrometerBridge(RegistryTransformer told, DescryMetrics metrics, OwnThreads threads) {
    this.told = told;
    this.threads = threads;
    this.registries = new ApplicationRegistries(metrics, SETTLING, StandardError::print);
  }

  @Override
  public void scanned(Duration took) {
    if (!untold.offer(took)) {
      // One round has not ended for as many scans: what it waits for is the application's.
      return;
    }
    if (running.compareAndSet(false, true)) {
      threads.make("descry-micrometer", this::round).start();
    }
  }

  private void round() {
    try {
      refresh();
    } catch (Throwable t) {
      LOG.warn("the application's registries could not be refreshed", t);
    } finally {
      running.set(false);
    }
  }

  private void refresh() {
    told.takeLoaders().forEach(registries::global);
    for (Map.Entry<Reference<Object>, Long> made : Registries.take()) {
      registries.made(made.getKey(), made.getValue());
    }
    List<Duration> took = new ArrayList<>();
    for (Duration one = untold.poll(); one != null; one = untold.poll()) {
      took.add(one);
    }
    registries.refresh(took);
  }
}
