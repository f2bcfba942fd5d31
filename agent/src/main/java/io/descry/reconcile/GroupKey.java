package io.descry.reconcile;

import io.descry.os.Kind;

/**
 * What the descriptors of a group have in common; leaks are counted by group.
 *
 * @param owner who is answerable
 * @param library the native library; {@code null} unless the owner is {@link Owner#LIBRARY}
 * @param kind what the descriptors are
 * @param site where they were opened; {@link Site#UNKNOWN} when not known
 */
public record GroupKey(Owner owner, Library library, Kind kind, Site site) {}
