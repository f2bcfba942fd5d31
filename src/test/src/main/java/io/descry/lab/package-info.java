/**
 * The lab: small real programs that hold, leak or do not leak descriptors on purpose. Each says
 * what is true of it and checks that against {@code /proc/self/fd} itself, so that a wrong label
 * fails before any verdict on it is judged.
 */
package io.descry.lab;
