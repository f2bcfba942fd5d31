package io.descry.os.tracer;

import io.descry.os.Blind;
import java.util.List;

/**
 * Records nothing.
 *
 * @param blind why not; empty when nobody asked for it
 */
record TracerOff(List<Blind> blind) implements Tracer {
  TracerOff {
    blind = List.copyOf(blind);
  }

  @Override
  public boolean on() {
    return false;
  }

  @Override
  public void refresh() {
    // Nothing to look for.
  }

  @Override
  public NativeUse use(int number) {
    return null;
  }

  @Override
  public boolean isJdks(int number) {
    return false;
  }

  @Override
  public NativeClose closeBefore(int number, long generation) {
    return null;
  }

  @Override
  public int writes(int number) {
    return 0;
  }

  @Override
  public List<NativeError> errors() {
    return List.of();
  }

  @Override
  public List<FailedClose> failedCloses() {
    return List.of();
  }
}
