package io.descry.lab.corpus;

import io.descry.lab.Libc;
import io.descry.lab.leaks.NativeHazards;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Native code that misuses its descriptors: bugs, no leaks. None prepares: JNA is to ask for the
 * functions' addresses when the tracer is there.
 */
final class Hazards {
  /** Numbers that nobody else is given meanwhile. */
  private static final int FIRST = 700;

  private Hazards() {}

  private static Truth hazard(String kind) {
    return Truth.of(Cause.library("jna", Map.of(kind, 1)).that(Cause.Fate.HAZARD));
  }

  /** Numbers that are closed twice. */
  static final class DoubleCloses implements Program {
    @Override
    public Truth truth() {
      return hazard("other");
    }

    @Override
    public void step(Stage stage, int i) {
      NativeHazards.closeTwice(FIRST + i);
      stage.leaked();
    }

    @Override
    public long pauseMillis() {
      return 1_000;
    }

    @Override
    public int seconds() {
      return 20;
    }
  }

  /** Numbers that are closed while a thread waits on them. */
  static final class ClosesUnderUse implements Program {
    @Override
    public Truth truth() {
      return hazard("other");
    }

    @Override
    public void step(Stage stage, int i) throws InterruptedException {
      NativeHazards.closeUnderReader(FIRST + i);
      stage.leaked();
    }

    @Override
    public long pauseMillis() {
      return 100;
    }

    @Override
    public int seconds() {
      return 30;
    }
  }

  /** Children of native code, each of which inherits the same descriptor. */
  static final class Inherited implements Program {
    private final List<ProcessHandle> children = new ArrayList<>();

    @Override
    public Truth truth() {
      return hazard("eventfd");
    }

    @Override
    public void step(Stage stage, int i) {
      if (i == 0) {
        NativeHazards.open(FIRST);
      }
      children.add(NativeHazards.child());
      stage.leaked();
    }

    @Override
    public long pauseMillis() {
      return 5_000;
    }

    @Override
    public int seconds() {
      return 30;
    }

    @Override
    public void finish() throws InterruptedException {
      // Until scans have seen the last one, too.
      Thread.sleep(5_000);
      children.forEach(ProcessHandle::destroyForcibly);
    }
  }

  /** Closes a number once, -1, and whatever there is; children of native code inherit nothing. */
  static final class Clean implements Program {
    private final List<ProcessHandle> children = new ArrayList<>();

    @Override
    public Truth truth() {
      return Truth.clean();
    }

    @Override
    public void step(Stage stage, int i) {
      for (int number = FIRST; number < FIRST + 20; number++) {
        Libc.close(NativeHazards.open(number));
        Libc.close(-1);
      }
      for (int number = 600; i % 5 == 0 && number < 1000; number++) {
        Libc.close(number);
      }
      if (children.size() < 3) {
        children.add(NativeHazards.child());
      }
    }

    @Override
    public long pauseMillis() {
      return 1_000;
    }

    @Override
    public int seconds() {
      return 25;
    }

    @Override
    public void finish() {
      children.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
