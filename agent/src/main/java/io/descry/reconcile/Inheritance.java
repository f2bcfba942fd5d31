package io.descry.reconcile;

import io.descry.os.ChildHold;

/**
 * A descriptor without close-on-exec that a child process holds too.
 *
 * @param descriptor the descriptor, opened by native code
 * @param hold the child
 */
public record Inheritance(OwnedDescriptor descriptor, ChildHold hold) {}
