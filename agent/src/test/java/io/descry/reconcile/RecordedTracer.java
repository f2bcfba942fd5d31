package io.descry.reconcile;

import io.descry.os.Blind;
import io.descry.os.tracer.FailedClose;
import io.descry.os.tracer.NativeClose;
import io.descry.os.tracer.NativeError;
import io.descry.os.tracer.NativeObject;
import io.descry.os.tracer.NativeUse;
import io.descry.os.tracer.Tracer;
import java.util.List;
import java.util.Map;

/**
 * A tracer that has seen what a test says.
 *
 * @param uses by number
 * @param closes by generation, of the uses before these
 * @param failed closes that failed, handed over once
 */
record RecordedTracer(
    Map<Integer, NativeUse> uses, Map<Long, NativeClose> closes, List<FailedClose> failed)
    implements Tracer {
  RecordedTracer(Map<Integer, NativeUse> uses, List<FailedClose> failed) {
    this(uses, Map.of(), failed);
  }

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
  public boolean isJdks(int number) {
    NativeUse use = uses.get(number);
    return use != null
        && use.close() == null
        && !use.doubtful()
        && use.object() != null
        && use.object().role() == NativeObject.Role.JDK;
  }

  @Override
  public NativeClose closeBefore(int number, long generation) {
    return closes.get(generation);
  }

  @Override
  public int writes(int number) {
    return uses.containsKey(number) ? uses.get(number).hashCode() : 0;
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
