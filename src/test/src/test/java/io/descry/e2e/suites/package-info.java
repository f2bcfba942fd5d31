/**
 * Test classes that leak, and such that do not, for JUnit to run in a JVM of their own: they are no
 * tests of Descry themselves, and named so that none is taken for one.
 */
package io.descry.e2e.suites;
