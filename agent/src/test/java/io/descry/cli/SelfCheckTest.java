package io.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.ProcessDescriptors;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check that a user on Windows runs, here on the system that runs this. */
class SelfCheckTest {
  @TempDir private Path directory;

  @Test
  void whereDescrySeesEverythingTheCheckSaysSo() throws Exception {
    try (ProcessDescriptors descriptors = ProcessDescriptors.ofThisProcess()) {
      SelfCheck.Result result = SelfCheck.of(descriptors, directory.resolve("check.txt"));
      assertThat(Files.readAllLines(result.file()))
          .anyMatch(line -> line.startsWith("ok: the file descry-check"))
          .anyMatch(line -> line.startsWith("ok: the selector"))
          .anyMatch(line -> line.startsWith("open: "));
      assertThat(result.failed()).isEmpty();
    }
  }

  @Test
  void doctorSaysWhereTheFileIs() throws Exception {
    Path file = directory.resolve("sent.txt");
    Check.Answer answer = WindowsChecks.handles(file);
    assertThat(answer.state()).as(answer.text()).isEqualTo(Check.State.OK);
    assertThat(answer.text()).contains(file.toString());
  }
}
