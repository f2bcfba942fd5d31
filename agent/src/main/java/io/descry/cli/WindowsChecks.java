package io.descry.cli;

import io.descry.cli.Check.Answer;
import io.descry.os.ProcessDescriptors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What is asked of Windows. */
final class WindowsChecks {
  private static final Path FILE = Path.of("descry-windows-check.txt");

  private WindowsChecks() {}

  /** All of them. */
  static List<Check> all() {
    return List.of(new Check("handles", Check.System.WINDOWS, () -> handles(FILE)));
  }

  static Answer handles(Path file) throws IOException {
    try (ProcessDescriptors descriptors = ProcessDescriptors.ofThisProcess()) {
      SelfCheck.Result result = SelfCheck.of(descriptors, file);
      String sent = "; Descry's maintainers are glad of " + result.file();
      return result.failed().isEmpty()
          ? Answer.ok("what was opened was seen, of its kind, and gone when closed" + sent)
          : Answer.failed("not as it should be: " + String.join("; ", result.failed()) + sent);
    }
  }
}
