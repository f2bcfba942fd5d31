package io.descry.cli;

import java.util.concurrent.Callable;

/**
 * One small thing that Descry needs, or does better with.
 *
 * @param name what it is about, in a word or two
 * @param system on which operating system it is asked
 * @param question asks; what it throws is the answer that it does not work
 */
record Check(String name, System system, Callable<Answer> question) {
  /** Where a check applies. */
  enum System {
    ANY,
    LINUX,
    WINDOWS;

    /** The one that this runs on; {@link #ANY} for one that Descry does not know. */
    static System here() {
      String name = java.lang.System.getProperty("os.name");
      return name.equals("Linux") ? LINUX : name.startsWith("Windows") ? WINDOWS : ANY;
    }
  }

  /** How it stands. */
  enum State {
    /** It works. */
    OK("ok"),
    /** Descry works, and sees less. */
    LIMITED("limited"),
    /** Descry cannot work so. */
    FAILED("failed");

    private final String label;

    State(String label) {
      this.label = label;
    }

    /** The word that is printed. */
    String label() {
      return label;
    }
  }

  /** What was found, in words, with what can be done when it is not well. */
  record Answer(State state, String text) {
    static Answer ok(String text) {
      return new Answer(State.OK, text);
    }

    static Answer limited(String text) {
      return new Answer(State.LIMITED, text);
    }

    static Answer failed(String text) {
      return new Answer(State.FAILED, text);
    }
  }

  /** Whether it is asked on this system. */
  boolean applies() {
    return system == System.ANY || system == System.here();
  }

  /** Asks; never throws. */
  Answer answer() {
    try {
      return question.call();
    } catch (Exception | LinkageError e) {
      return Answer.failed(e.toString());
    }
  }
}
