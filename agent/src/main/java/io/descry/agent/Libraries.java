package io.descry.agent;

import io.descry.instrument.HandleTransformer;
import io.descry.owner.OwnerModules;
import java.lang.instrument.Instrumentation;
import java.util.ArrayDeque;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * The libraries whose Java objects Descry knows: their classes are advised as they load, from
 * before the application's first line on. What cannot be known is kept until somebody asks.
 */
final class Libraries implements OwnerModules.Failures, Supplier<OwnerModules> {
  /** A container may load a class that cannot be advised a thousand times. */
  private static final int TOLD_AT_MOST = 20;

  private final Instrumentation instrumentation;
  private final ArrayDeque<String[]> failures = new ArrayDeque<>();
  private final String jars;
  private final HandleTransformer transformer;
  private OwnerModules modules;
  private int told;

  /**
   * Begins to advise.
   *
   * @param jars the option {@code modules}, {@code null} for none; they are opened in this thread
   */
  Libraries(Instrumentation instrumentation, String jars) {
    this.instrumentation = instrumentation;
    this.jars = jars;
    this.transformer =
        HandleTransformer.install(
            instrumentation, jars == null ? OwnerModules.SIMPLE_NAMES : null, this, this);
  }

  private ClassLoader loader() {
    ClassLoader own = Libraries.class.getClassLoader();
    try {
      return jars == null ? own : ModuleJars.loader(jars);
    } catch (IllegalArgumentException e) {
      failed(jars, e);
      return own;
    }
  }

  /** Advises what was loaded before Descry; for a thread of Descry's own. */
  void adviseLoaded() {
    transformer.adviseLoaded(instrumentation);
  }

  /** The modules that are on; loaded when first asked for. */
  @Override
  public synchronized OwnerModules get() {
    if (modules == null) {
      modules = OwnerModules.load(loader(), this);
    }
    return modules;
  }

  @Override
  public void failed(String where, Throwable reason) {
    synchronized (failures) {
      if (told++ < TOLD_AT_MOST) {
        failures.add(new String[] {"what objects stand for in " + where, String.valueOf(reason)});
      }
    }
  }

  /** Hands over what could not be known since the last call: what, and why. */
  void takeFailures(BiConsumer<String, String> taker) {
    synchronized (failures) {
      while (!failures.isEmpty()) {
        String[] failure = failures.remove();
        taker.accept(failure[0], failure[1]);
      }
    }
  }
}
