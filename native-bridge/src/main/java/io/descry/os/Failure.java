package io.descry.os;

/**
 * An operation on the operating system that failed, and how often so far.
 *
 * @param operation the system call, such as {@code readlinkat}
 * @param errno the error's symbolic name, such as {@code EACCES}
 * @param count how often since the start
 */
public record Failure(String operation, String errno, long count) {}
