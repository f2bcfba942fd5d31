package io.descry.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a JVM is run with.
 *
 * @param name as tables call it
 * @param agent path of an agent jar; {@code null}: Descry's
 * @param options the agent's; {@code null}: no agent
 */
record Arm(String name, Path agent, String options) {
  static final Arm BARE = new Arm("bare", null);
  static final Arm DEFAULTS = new Arm("Descry", "report=none");
  private static final Arm EVERY_STACK = new Arm("stacks=all", "report=none,stacks=all");
  private static final Arm NO_TRACER = new Arm("native=off", "report=none,native=off");

  /** The arms that every benchmark has. */
  static final List<Arm> ALL = List.of(BARE, DEFAULTS, EVERY_STACK, NO_TRACER);

  /** Those of {@link #ALL} that have Descry. */
  static final List<Arm> WITH_DESCRY = ALL.subList(1, ALL.size());

  Arm(String name, String options) {
    this(name, null, options);
  }

  /** {@link #ALL}, those with Descry with further options, as {@code key=value,...}. */
  static List<Arm> allWith(String further) {
    List<Arm> arms = new ArrayList<>(List.of(BARE));
    WITH_DESCRY.forEach(arm -> arms.add(arm.with(further)));
    return arms;
  }

  /** The same with further options, as {@code key=value,...}; a bare one stays bare. */
  Arm with(String further) {
    return options == null ? this : new Arm(name, agent, options + "," + further);
  }
}
