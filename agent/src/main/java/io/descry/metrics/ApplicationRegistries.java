package io.descry.metrics;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Descry's meters in the application's registries, in whichever class loaders Micrometer is: in
 * every registry that publishes, never in the composites that hand meters on, so that no series is
 * there twice whatever is part of what. Everything of the application's is held weakly: the
 * registry alone keeps the meters, and they go with it. Not safe for several threads.
 *
 * <p>What is called here is the application's code (filters, listeners, publishers): it may throw,
 * wait, or leave something in its thread. For a thread that nobody waits for and that then ends.
 */
public final class ApplicationRegistries {
  private static final String REGISTRY = "io.micrometer.core.instrument.MeterRegistry";

  /** Registries with Descry's meters: more than anybody reads. */
  static final int MOST = 32;

  private static final int TRIES = 3;

  private final DescryMetrics metrics;
  private final long settlingNanos;
  private final Consumer<String> problems;
  private final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
  private final List<Made> made = new ArrayList<>();
  private final List<Target> targets = new ArrayList<>();
  private final Set<String> said = new HashSet<>();

  /** A registry that is new, or a composite, which may get new members. */
  private record Made(Reference<Object> registry, long since) {}

  /** A registry that is no composite, and what is in it. */
  private static final class Target {
    final Reference<Object> registry;
    final long since;
    Reference<DescryMetrics.Bound> bound;
    int tries;

    Target(Reference<Object> registry, long since) {
      this.registry = registry;
      this.since = since;
    }
  }

  /**
   * None yet.
   *
   * @param settling how long after it was made a registry is left alone, as it may be under
   *     construction, and its filters and common tags not in place
   * @param problems is told, in a line for an operator, where the meters cannot be
   */
  public ApplicationRegistries(
      DescryMetrics metrics, Duration settling, Consumer<String> problems) {
    this.metrics = metrics;
    this.settlingNanos = settling.toNanos();
    this.problems = problems;
  }

  /**
   * Looks for Micrometer's global registry in a class loader from now on.
   *
   * @param loader has, or is about to have, the class {@code Metrics}
   */
  public void global(WeakReference<ClassLoader> loader) {
    loaders.add(loader);
  }

  /**
   * Takes a registry that was made.
   *
   * @param since the {@code System.nanoTime} of that
   */
  public void made(Reference<Object> registry, long since) {
    made.add(new Made(registry, since));
  }

  /**
   * Puts the meters into registries that are new, and has all show what the last scan found.
   *
   * @param took how long the scans took since the last call
   */
  public void refresh(List<Duration> took) {
    targets.removeIf(target -> target.registry.get() == null);
    made.removeIf(one -> one.registry().get() == null);
    loaders.removeIf(loader -> loader.get() == null);
    look();
    for (Target target : targets) {
      if (isDue(target)) {
        bind(target);
      }
      DescryMetrics.Bound bound = target.bound == null ? null : target.bound.get();
      if (bound != null) {
        refresh(bound, took);
      }
    }
  }

  /** How many registries have the meters now. */
  int bound() {
    return (int)
        targets.stream()
            .filter(target -> target.bound != null && target.bound.get() != null)
            .count();
  }

  private void look() {
    long now = System.nanoTime();
    made.removeIf(one -> isSettled(one.since(), now) && isLeaf(one.registry().get(), one.since()));
    for (WeakReference<ClassLoader> reference : loaders) {
      ClassLoader loader = reference.get();
      if (loader != null) {
        try {
          Class<?> registry = Class.forName(REGISTRY, false, loader);
          isLeaf(AdapterLoader.of(registry).global(), now);
        } catch (ClassNotFoundException | LinkageError | RuntimeException e) {
          say("in " + loader.getClass().getName(), e);
        }
      }
    }
  }

  /** Adds what the registry publishes through; whether that is itself, once and for all. */
  private boolean isLeaf(Object registry, long since) {
    if (registry == null) {
      return true;
    }
    try {
      Collection<Object> leaves = AdapterLoader.of(base(registry)).leaves(registry);
      for (Object leaf : leaves) {
        if (targets.stream().noneMatch(target -> target.registry.get() == leaf)) {
          addTarget(new WeakReference<>(leaf), since);
        }
      }
      return leaves.size() == 1 && leaves.contains(registry);
    } catch (LinkageError | RuntimeException e) {
      say("in " + registry.getClass().getName(), e);
      return true;
    }
  }

  private void addTarget(Reference<Object> leaf, long since) {
    if (targets.size() < MOST) {
      targets.add(new Target(leaf, since));
    } else if (said.add("")) {
      problems.accept(
          "the application has more than " + MOST + " meter registries; the rest go without");
    }
  }

  private boolean isSettled(long since, long now) {
    return now - since >= settlingNanos;
  }

  private static Class<?> base(Object registry) {
    Class<?> type = registry.getClass();
    while (!type.getName().equals(REGISTRY)) {
      type = type.getSuperclass();
    }
    return type;
  }

  /** What went with filters, or by the application's hand, is not put back. */
  private boolean isDue(Target target) {
    return target.bound == null
        && target.tries < TRIES
        && isSettled(target.since, System.nanoTime());
  }

  private void bind(Target target) {
    Object registry = target.registry.get();
    if (registry == null) {
      return;
    }
    Meters meters = null;
    try {
      meters = AdapterLoader.of(base(registry)).of(registry);
      target.bound = new WeakReference<>(metrics.bindTo(meters));
    } catch (LinkageError | RuntimeException e) {
      if (++target.tries == TRIES) {
        say("in " + registry.getClass().getName(), e);
      }
      clear(meters);
    }
  }

  private static void clear(Meters meters) {
    try {
      if (meters != null) {
        meters.clear();
      }
    } catch (LinkageError | RuntimeException e) {
      // It did not take them all, it need not give all back.
      return;
    }
  }

  private void refresh(DescryMetrics.Bound bound, List<Duration> took) {
    try {
      metrics.scanned(bound, took);
    } catch (LinkageError | RuntimeException e) {
      say("change", e);
    }
  }

  private void say(String where, Throwable reason) {
    if (said.size() < MOST && said.add(where)) {
      problems.accept(
          "the application's Micrometer does not take Descry's meters " + where + ": " + reason);
    }
  }
}
