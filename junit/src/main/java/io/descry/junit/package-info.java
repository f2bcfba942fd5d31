/** Fails tests that leave descriptors open, and names who opened them. */
package io.descry.junit;
