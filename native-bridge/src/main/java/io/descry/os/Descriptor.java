package io.descry.os;

import java.util.List;

/**
 * One open number of this process, as one scan saw it.
 *
 * @param number the Linux descriptor or the Windows handle value (of which 32 bits are significant)
 * @param kind what it is
 * @param target what it leads to: a path, {@code socket:[inode]}, {@code anon_inode:[eventfd]}; the
 *     text comes from outside and must be escaped where it is shown
 * @param device device of the inode, 0 when the system did not say
 * @param inode inode number, 0 when the system did not say
 * @param flags the open flags of fcntl(F_GETFL), -1 when unknown
 * @param position the file position, -1 when unknown or when the kind has none
 * @param socket what the kernel says of the socket; {@code null} when this is none or nothing is
 *     known
 * @param watched numbers that an eventpoll watches; {@code null} when this is none or the system
 *     did not say
 * @param facts what more is known; never {@code null}
 */
public record Descriptor(
    int number,
    Kind kind,
    String target,
    long device,
    long inode,
    int flags,
    long position,
    Socket socket,
    List<Integer> watched,
    Facts facts) {

  /** A descriptor of which no more is known. */
  public Descriptor(
      int number,
      Kind kind,
      String target,
      long device,
      long inode,
      int flags,
      long position,
      Socket socket,
      List<Integer> watched) {
    this(number, kind, target, device, inode, flags, position, socket, watched, Facts.UNKNOWN);
  }

  /** What tells this use of the number from the next. */
  public Identity identity() {
    return new Identity(kind, device, inode);
  }

  /** Whether the other has an equal {@link #identity()}; makes none. */
  public boolean isAlso(Descriptor other) {
    return this == other || kind == other.kind && device == other.device && inode == other.inode;
  }
}
