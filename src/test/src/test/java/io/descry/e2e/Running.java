package io.descry.e2e;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Several programs that run at the same time; all of them are judged before any failure is told,
 * and none outlives the test.
 */
final class Running implements AutoCloseable {
  private final Map<String, RunningJvm> programs = new LinkedHashMap<>();

  void add(String name, RunningJvm program) {
    programs.put(name, program);
  }

  void each(Consumer<RunningJvm> work) {
    programs.values().forEach(work);
  }

  /** Does it with all of them at the same time, so that none waits for a slower one. */
  void atOnce(Consumer<RunningJvm> work) {
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<?>> all = new ArrayList<>();
      programs.values().forEach(program -> all.add(threads.submit(() -> work.accept(program))));
      for (Future<?> one : all) {
        one.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      threads.shutdownNow();
    }
  }

  void each(BiConsumer<String, RunningJvm> judgement) {
    AssertionError first = null;
    for (Map.Entry<String, RunningJvm> program : programs.entrySet()) {
      try {
        judgement.accept(program.getKey(), program.getValue());
      } catch (AssertionError e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  @Override
  public void close() {
    programs.values().forEach(RunningJvm::close);
  }
}
