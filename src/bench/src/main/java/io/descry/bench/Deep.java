package io.descry.bench;

/** Runs something at a given depth of the Java stack. */
final class Deep {
  private Deep() {}

  /** What is run. */
  interface Step {
    /** Runs; may throw anything, the benchmark then fails. */
    void run() throws Exception;
  }

  /**
   * Runs a step so that its {@code run} is the frame with this number, counted from the first of
   * the thread; the stack must not be deeper yet.
   */
  static void at(int depth, Step step) throws Exception {
    int here = StackWalker.getInstance().walk(frames -> (int) frames.count());
    down(depth - here - 1, step);
  }

  /** Runs a step so many frames further down. */
  static void down(int frames, Step step) throws Exception {
    if (frames > 0) {
      down(frames - 1, step);
    } else {
      step.run();
    }
  }
}
