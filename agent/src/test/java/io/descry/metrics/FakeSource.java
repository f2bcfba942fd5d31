package io.descry.metrics;

import io.descry.detect.Compared;
import io.descry.detect.Verdict;
import io.descry.os.Failure;
import io.descry.os.Limits;
import io.descry.reconcile.Reconciliation;
import java.util.List;
import java.util.Map;

/** A source whose every answer a test sets. */
public final class FakeSource implements MetricsSource {
  public volatile Reconciliation reconciliation;
  public volatile Verdict verdict = Verdict.NONE;
  public volatile List<Compared> compared = List.of();
  public volatile int count = -1;
  public volatile Limits limits = new Limits(1024, 4096);
  public volatile Map<String, Long> opens = Map.of();
  public volatile Map<String, Long> closes = Map.of();
  public volatile List<Failure> failures = List.of();

  @Override
  public Reconciliation reconciliation() {
    return reconciliation;
  }

  @Override
  public Verdict verdict() {
    return verdict;
  }

  @Override
  public List<Compared> compared() {
    return compared;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public Limits limits() {
    return limits;
  }

  @Override
  public Map<String, Long> opens() {
    return opens;
  }

  @Override
  public Map<String, Long> closes() {
    return closes;
  }

  @Override
  public List<Failure> failures() {
    return failures;
  }

  @Override
  public int blind() {
    return 2;
  }

  @Override
  public int unaccounted() {
    return 3;
  }
}
