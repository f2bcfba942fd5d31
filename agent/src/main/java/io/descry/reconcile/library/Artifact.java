package io.descry.reconcile.library;

/**
 * A Maven artifact.
 *
 * @param name its artifact id
 * @param version {@code null} when unknown
 */
record Artifact(String name, String version) {}
