package io.descry.lab.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.descry.lab.Libc;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The faults are real, pass, and are counted as leaks where something is forgotten. */
class FaultyTest {
  private static final Cause FILE = Cause.java("Some$Program.leak", "file");

  @TempDir Path directory;

  /** Notes what is asked of it, and fails or not. */
  private static final class Noted extends Faulty {
    private final boolean fails;
    private final List<String> asked = new ArrayList<>();

    Noted(Cause forgotten, boolean fails) {
      super(forgotten);
      this.fails = fails;
    }

    @Override
    void well(Stage stage) {
      asked.add("well");
    }

    @Override
    boolean fails(Stage stage) {
      asked.add("fails");
      return fails;
    }
  }

  private int leaks(Faulty program) throws Exception {
    Stage stage = new Stage(directory, Map.of());
    program.step(stage, 0);
    return stage.leaks();
  }

  @Test
  void aFailureLeaksOnlyWhereItHappenedAndSomethingIsForgotten() throws Exception {
    assertThat(leaks(new Noted(FILE, true))).isEqualTo(1);
    assertThat(leaks(new Noted(FILE, false))).isZero();
    assertThat(leaks(new Noted(null, true))).isZero();
    assertThat(new Noted(FILE, true).truth()).isEqualTo(Truth.of(FILE));
    assertThat(new Noted(null, true).truth()).isEqualTo(Truth.clean());
  }

  @Test
  void handledFaultsAreAllTriedInEachStep() throws Exception {
    Noted first = new Noted(null, true);
    Noted second = new Noted(null, true);
    Program both = new Faulty.Handled(first, second);
    both.step(new Stage(directory, Map.of()), 0);
    assertThat(first.asked).contains("well", "fails");
    assertThat(second.asked).isEqualTo(first.asked);
    assertThat(both.truth()).isEqualTo(Truth.clean());
  }

  @Test
  void thereIsNoNumberDuringTheCallAndThereIsOneAfterIt() throws Exception {
    Stage stage = new Stage(directory, Map.of());
    Path file = stage.file("some");
    // Loads what is to be loaded: without a number no class can be.
    Libc.close(-1);
    assertThatThrownBy(() -> new FileInputStream(directory.resolve("none").toFile()))
        .isInstanceOf(FileNotFoundException.class);
    assertThatThrownBy(() -> NoNumbers.during(() -> new FileInputStream(file.toFile())).close())
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining("Too many open files");
    try (FileInputStream opened = new FileInputStream(file.toFile())) {
      assertThat(opened.read()).isEqualTo('l');
    }
  }
}
