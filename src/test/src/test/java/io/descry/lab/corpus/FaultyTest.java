package io.descry.lab.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.lab.Libc;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
    // Newer JVMs warn there of what JNA does.
    Path err = directory.resolve("err");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                OutOfNumbers.class.getName(),
                new Stage(directory, Map.of()).file("some").toString())
            .redirectError(err.toFile())
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(err)).isZero();
    assertThat(said.lines().toList())
        .satisfiesExactly(
            during -> assertThat(during).endsWith("(Too many open files)"),
            after -> assertThat(after).isEqualTo("l"));
  }

  /** In a JVM of its own: while there is no number, nothing else in the process gets one either. */
  static final class OutOfNumbers {
    private OutOfNumbers() {}

    /** Says what an open says without a number, and the first letter of the file after that. */
    public static void main(String[] arguments) throws IOException {
      // Loads what is to be loaded: without a number no class can be.
      Libc.close(-1);
      refused(() -> new FileInputStream(arguments[0] + ".none").close());
      System.out.println(
          refused(() -> NoNumbers.during(() -> new FileInputStream(arguments[0])).close()));
      try (FileInputStream opened = new FileInputStream(arguments[0])) {
        System.out.println((char) opened.read());
      }
    }

    private interface Open {
      void run() throws IOException;
    }

    private static String refused(Open open) throws IOException {
      try {
        open.run();
        return "not refused";
      } catch (FileNotFoundException e) {
        // What is to happen; its words go to the test.
        return e.getMessage();
      }
    }
  }
}
