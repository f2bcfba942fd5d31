package io.descry.lab.corpus;

import io.descry.lab.clean.Habit;
import io.descry.lab.clean.Habits;
import java.util.ArrayList;
import java.util.List;

/** One of the lab's healthy habits, alone. Begun when the kernel's count has been taken. */
final class CleanHabit implements Program {
  private final String name;
  private final List<Habit> begun = new ArrayList<>();
  private long pauseMillis;

  CleanHabit(String name) {
    this.name = name;
  }

  @Override
  public Truth truth() {
    return Truth.clean();
  }

  @Override
  public void step(Stage stage, int i) throws Exception {
    if (begun.isEmpty()) {
      begun.add(Habits.of(name, stage.directory()));
      pauseMillis = begun.get(0).pauseMillis();
    }
    begun.get(0).step(i);
  }

  @Override
  public long pauseMillis() {
    return pauseMillis;
  }

  @Override
  public void finish() throws Exception {
    for (Habit habit : begun) {
      habit.finish();
    }
  }
}
