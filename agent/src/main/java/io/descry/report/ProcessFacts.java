package io.descry.report;

/**
 * What process a report is about.
 *
 * @param pid process id
 * @param command main class or jar with its arguments
 * @param java version of the Java runtime
 * @param vm name and version of the virtual machine
 * @param os operating system
 * @param kernel kernel release
 * @param container what kind of container it runs in, {@code null} when in none that Descry knows
 */
public record ProcessFacts(
    long pid, String command, String java, String vm, String os, String kernel, String container) {}
