package io.descry.lab.corpus;

import java.util.List;

/**
 * A program whose calls fail now and then. It goes on after a failure: either it has closed what it
 * had opened until then, or it forgets to, and only then it leaks.
 */
abstract class Faulty implements Program {
  private static final int GOOD = 4;
  private static final int SECONDS = 60;

  private final Cause forgotten;

  /**
   * A program that forgets, or one that does not.
   *
   * @param forgotten what each failure leaves open; {@code null} for none
   */
  Faulty(Cause forgotten) {
    this.forgotten = forgotten;
  }

  @Override
  public final Truth truth() {
    return forgotten == null ? Truth.clean() : Truth.of(forgotten);
  }

  /** Whether nothing closes what is open when the call fails. */
  final boolean forgets() {
    return forgotten != null;
  }

  /** Does its work, with no failure, and holds nothing when done. */
  abstract void well(Stage stage) throws Exception;

  /**
   * Does the same with a failure.
   *
   * @return whether the call failed as it should; nothing is held when it did not
   */
  abstract boolean fails(Stage stage) throws Exception;

  /** Loads what both need. */
  @Override
  public void prepare(Stage stage) throws Exception {
    well(stage);
    fails(stage);
  }

  @Override
  public final void step(Stage stage, int i) throws Exception {
    for (int n = 0; n < GOOD; n++) {
      well(stage);
    }
    if (fails(stage) && forgets()) {
      stage.leaked();
    }
  }

  /** Longer than others: among the good ones it takes more of the bad ones to tell. */
  @Override
  public int seconds() {
    return SECONDS;
  }

  /** Several programs without a leak, in turns. */
  record Handled(List<Faulty> all) implements Program {
    Handled(Faulty... all) {
      this(List.of(all));
    }

    @Override
    public Truth truth() {
      return Truth.clean();
    }

    @Override
    public void prepare(Stage stage) throws Exception {
      for (Faulty one : all) {
        one.prepare(stage);
      }
    }

    @Override
    public void step(Stage stage, int i) throws Exception {
      for (Faulty one : all) {
        one.step(stage, i);
      }
    }

    @Override
    public void finish() throws Exception {
      for (Faulty one : all) {
        one.finish();
      }
    }

    @Override
    public int seconds() {
      return SECONDS;
    }
  }
}
