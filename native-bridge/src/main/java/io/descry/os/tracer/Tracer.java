package io.descry.os.tracer;

import io.descry.os.Blind;
import java.util.List;

/**
 * The port to the native tracer: what native code opened and closed, by whom and from where.
 *
 * <p>Safe for use by several threads; never throws.
 */
public interface Tracer {
  /** What the tracer of a JVM without one answers. */
  Tracer OFF = new TracerOff(List.of());

  /** Of which opens the call stacks are taken. */
  enum Stacks {
    /** Of none. */
    NONE,
    /** Of as many as 1 % of one processor's time pays for. */
    BUDGET,
    /** Of each, at any cost. */
    ALL
  }

  /**
   * Starts the tracer of this process: from now on native code's opens and closes are recorded. To
   * be called once, by a platform thread, after JNA was loaded. Never throws.
   *
   * @return one that is off, with the reason among {@link #blind()}, when it cannot work here
   */
  static Tracer ofThisProcess(Stacks stacks) {
    return TracerStart.start(stacks);
  }

  /** Whether native calls are being recorded. */
  boolean on();

  /**
   * Looks for objects that were loaded or unloaded, mends hooks that were overwritten, and reads
   * the stacks that were taken since the last time, while their methods can still be named. Once
   * per scan, before {@link #use}.
   */
  void refresh();

  /**
   * The last that native code did with a number; {@code null} when it never opened it, or when no
   * consistent record could be read.
   */
  NativeUse use(int number);

  /**
   * Whether the last that native code did with a number was that the JDK opened it, so that where
   * Java holds the number {@link #use} has nothing to add to the ledger. Costs a load where nothing
   * has changed; {@code use} makes a record each time.
   */
  boolean isJdks(int number);

  /**
   * Who closed the use of a number that came before the one that {@link #use} answers.
   *
   * @param generation of that earlier use
   * @return {@code null} when it was not the use right before, or its close was not seen, or is
   *     doubtful. A close by the call that opened the next use, such as dup2(2), replaced one by
   *     the other in one go
   */
  NativeClose closeBefore(int number, long generation);

  /**
   * Tells whether native code did something with a number since it was asked before: then it is
   * another value. One load; may be asked before {@link #refresh}.
   */
  int writes(int number);

  /** Calls of native code that failed so far. */
  List<NativeError> errors();

  /**
   * How many calls of native code and of the JDK's libraries failed so far because the process, or
   * the whole system, had no descriptor left: by EMFILE or ENFILE, Descry's own calls not counted.
   * One load.
   */
  default long exhausted() {
    return 0;
  }

  /**
   * The closes that failed by EBADF since the last call, oldest first; of very many the latest.
   * Those of no number at all, such as {@code close(-1)}, are not among them.
   */
  List<FailedClose> failedCloses();

  /** What the tracer cannot see here. */
  List<Blind> blind();
}
