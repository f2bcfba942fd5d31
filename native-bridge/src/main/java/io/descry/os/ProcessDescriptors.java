package io.descry.os;

import java.io.IOException;
import java.util.List;
import java.util.function.IntToLongFunction;

/**
 * The port to the operating system: what descriptors this process holds, in its eyes. One adapter
 * per system; callers know none of them.
 *
 * <p>Everything that a scan needs is opened beforehand, so that a process at its limit can still be
 * scanned. Safe for use by several threads; scans run one at a time.
 */
public interface ProcessDescriptors extends AutoCloseable {

  /**
   * The adapter that sees most of this process. Never throws and never returns {@code null}: where
   * nothing can be seen, {@link #blind()} of what it returns says why. Each call makes one of its
   * own, to be closed; one for the whole agent is enough.
   */
  static ProcessDescriptors ofThisProcess() {
    return DescriptorSource.ofThisProcess();
  }

  /**
   * How many descriptors are open now, less Descry's own; -1 when the system does not say. Cheap:
   * one system call where the kernel allows it.
   */
  int count();

  /**
   * Everything that is open now, less Descry's own. A descriptor that is closed while the scan runs
   * may be missing.
   *
   * @throws java.io.UncheckedIOException when the system refuses the list itself; what it refuses
   *     of single descriptors is counted in {@link #failures()} and left unknown
   */
  DescriptorSnapshot snapshot();

  /**
   * As {@link #snapshot()}, at a cost that grows little with what stays open: where there are many,
   * a descriptor that is still the same may be told as an earlier call found it. Whether it is the
   * same is asked in every call, by its inode, whose type, count of names and number must be as
   * they were; position, state and byte counts, and what an eventpoll watches, are from one of the
   * last few calls; address, queues, flags and name of what a path leads to may be from longer ago.
   * With some hundred descriptors all is asked anew in every call.
   *
   * @param uses what the caller's books know of the uses of a number: another value than in the
   *     call before means that it may be another use, which is then asked for everything
   */
  default DescriptorSnapshot snapshot(IntToLongFunction uses) {
    return snapshot();
  }

  /**
   * What the threads of this process wait in, at this moment. Costs three system calls a thread,
   * and one for each that waits on a number or polls, three for each in select(2) at most; where
   * there are very many, each call asks some of them, in turn. Call it once a scan.
   */
  ThreadWaits waits();

  /**
   * What shows whether a thread has slept on since another time this was asked: asked, then seen to
   * wait by {@link #waits}, then asked again with an equal answer, the thread was in that very call
   * from the first answer until it was seen. Six system calls.
   *
   * @param thread the thread's id, as in {@link ThreadWaits}
   * @return {@code null} when there is no such thread, or the system does not say
   */
  default ThreadStay stay(int thread) {
    return null;
  }

  /** Whether the system says of this number that it is not open; false when it cannot be asked. */
  default boolean isClosed(int number) {
    return false;
  }

  /**
   * The name that the kernel has for a thread, of 15 bytes at most: a Java thread's is cut. The
   * text comes from outside and must be escaped where it is shown.
   *
   * @param thread the thread's id, as in {@link ThreadWaits}
   * @return {@code null} when there is no such thread, or the system does not say
   */
  String threadName(int thread);

  /**
   * Which of these descriptors of this process its child processes hold too, as {@link ChildHold}
   * says. Of children that only forked, and so hold everything, nothing is said. Costs one system
   * call when there is no child; else some microseconds a thread, and one call for each of the
   * descriptors and each child. Where there are many children, each call asks some of them, in
   * turn. Call it once a scan at most.
   *
   * @param descriptors of the last snapshot; of very many the first some hundred are asked about
   */
  default List<ChildHold> heldByChildren(List<Descriptor> descriptors) {
    return List.of();
  }

  /** The limits in force now. */
  Limits limits();

  /**
   * Whether no number is free now: as many are open as the soft limit allows, Descry's own among
   * them. False when the system does not say. As cheap as {@link #count()}.
   */
  default boolean exhausted() {
    long soft = limits().soft();
    return soft != Limits.UNKNOWN && count() >= soft;
  }

  /**
   * Raises the soft limit to the hard one, for the whole process.
   *
   * @return the limits as they were before: with soft and hard equal nothing was left to raise
   * @throws IOException with the reason, when the system refuses or Descry cannot ask it
   */
  default Limits raiseLimit() throws IOException {
    throw new IOException("Descry has no way to raise the limit here");
  }

  /**
   * Sends this process SIGTERM, by which the JVM runs its shutdown hooks and ends.
   *
   * @throws IOException with the reason, when the system refuses or Descry cannot ask it
   */
  default void terminate() throws IOException {
    throw new IOException("Descry has no way to send a signal here");
  }

  /**
   * The native libraries and programs mapped into the process that may have opened a descriptor by
   * themselves: all but the JDK's own, the system's C runtime and Descry's. Paths as the system
   * writes them, on Linux with {@code " (deleted)"} at the end when the file is gone; empty when
   * the system does not say. The text comes from outside and must be escaped where it is shown.
   */
  List<String> libraries();

  /** What this adapter cannot see here; empty when it sees everything. */
  List<Blind> blind();

  /** System calls of Descry's own that failed so far, by call and error. */
  List<Failure> failures();

  /** Names an own number, to be left out of counts and snapshots until {@link #disown}. */
  void own(int number);

  /** Takes back {@link #own}. */
  void disown(int number);

  /** Gives back what the adapter holds. */
  @Override
  void close();
}
