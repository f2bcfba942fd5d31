package io.descry.reconcile;

import io.descry.os.Blind;
import io.descry.os.tracer.FailedClose;
import io.descry.os.tracer.NativeError;
import io.descry.os.tracer.NativeUse;
import io.descry.os.tracer.Tracer;
import java.util.List;
import java.util.Map;

/**
 * A tracer that has seen what a test says.
 *
 * @param uses by number
 * @param failed closes that failed, handed over once
 */
record RecordedTracer(Map<Integer, NativeUse> uses, List<FailedClose> failed) implements Tracer {
  @Override
  public boolean on() {
    return true;
  }

  @Override
  public void refresh() {
    // The records are the test's.
  }

  @Override
  public NativeUse use(int number) {
    return uses.get(number);
  }

  @Override
  public List<NativeError> errors() {
    return List.of();
  }

  @Override
  public List<FailedClose> failedCloses() {
    List<FailedClose> taken = List.copyOf(failed);
    if (!taken.isEmpty()) {
      failed.clear();
    }
    return taken;
  }

  @Override
  public List<Blind> blind() {
    return List.of();
  }
}
