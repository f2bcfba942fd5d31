package io.descry.os;

/**
 * What tells one use of a number from the next: two descriptors of equal identity are the same open
 * file, or both are anonymous inodes of one kind (Linux gives all of these one inode, so equal
 * identity is necessary there but not sufficient).
 *
 * @param kind what the descriptor is
 * @param device device of the inode, 0 when the system did not say
 * @param inode inode number, 0 when the system did not say
 */
public record Identity(Kind kind, long device, long inode) {}
