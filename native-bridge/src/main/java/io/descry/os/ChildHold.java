package io.descry.os;

/**
 * A descriptor of this process that a child process holds as well, under the same number. The child
 * runs a program of its own: it has been through execve(2), so that only what lacks close-on-exec
 * is left to it.
 *
 * @param child the child's process id
 * @param name the kernel's name of the child, of 15 bytes at most; the text comes from outside and
 *     must be escaped where it is shown; {@code null} when it is not known
 * @param number the descriptor's number, here and there
 * @param sameOpenFile whether the kernel was asked if both are one open file, and said so
 *     (kcmp(2)); else it is known of the inode only, which belongs to this socket or pipe and
 *     nothing else
 */
public record ChildHold(int child, String name, int number, boolean sameOpenFile) {}
