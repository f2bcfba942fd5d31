package io.descry.os;

/**
 * What the kernel says of a descriptor beyond what it is: what tells one in use from one that was
 * forgotten. Nothing here is changed by asking.
 *
 * <p>Of eventfds and timerfds a scan asks no more than some hundred, the next scan the next, so
 * that with very many of them {@code eventCount} and {@code armed} are known at times only.
 *
 * @param closeOnExec whether a program that this process starts does not inherit it: FD_CLOEXEC of
 *     fcntl(2) F_GETFD
 * @param deleted whether it leads to a file, directory, device or named pipe that no name leads to
 *     any more, or never did (O_TMPFILE): its link count is 0 (inode(7)). {@link Answer#NO} for
 *     what never has names, such as a memfd; for a file that another name still leads to; and for a
 *     file of a lower layer of an overlay, whose own count stays. On a file server, as this machine
 *     last heard
 * @param peerGone whether the other end will never send again. Of a pipe: no writer is left, or no
 *     reader (poll(2), POLLHUP and POLLERR). Of a socket: the stage is {@link
 *     Socket.Stage#PEER_FINISHED} or {@link Socket.Stage#OVER}. {@link Answer#NO} for what has no
 *     other end, and for a named pipe that still waits for its first; {@link Answer#UNKNOWN} for
 *     datagram sockets, which are not told
 * @param eventCount the counter of an eventfd, {@link Long#MAX_VALUE} when it is greater; -1 when
 *     unknown or when this is none ({@code eventfd-count} of proc_pid_fdinfo(5))
 * @param armed whether a timerfd is to expire some time ({@code it_value} of proc_pid_fdinfo(5));
 *     {@link Answer#UNKNOWN} when this is none
 */
public record Facts(
    Answer closeOnExec, Answer deleted, Answer peerGone, long eventCount, Answer armed) {
  /** Nothing is known. */
  public static final Facts UNKNOWN =
      new Facts(Answer.UNKNOWN, Answer.UNKNOWN, Answer.UNKNOWN, -1, Answer.UNKNOWN);
}
