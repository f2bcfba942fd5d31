package io.descry.e2e;

import java.util.LinkedHashMap;
import java.util.Map;
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
