package io.descry.agent;

import io.descry.instrument.DoorTransformer;
import io.descry.instrument.RegistryTransformer;
import io.descry.reconcile.Baseline;
import java.lang.instrument.Instrumentation;
import java.time.Instant;
import java.util.List;

/**
 * What an {@link Installation} has made, before the application's first line unless {@code
 * start=later}, and all else is made from.
 *
 * @param jar path of the agent jar
 * @param registries tells of the application's meter registries; {@code null}: not asked for
 * @param blind what the ledger cannot see, each with the reason; to be read under its own lock
 */
record Beginning(
    Options options,
    Instrumentation instrumentation,
    String jar,
    Instant started,
    OwnThreads threads,
    Baseline baseline,
    DoorTransformer doors,
    Libraries libraries,
    RegistryTransformer registries,
    List<String[]> blind) {}
