package io.descry.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowsCommandsTest {
  private final Commands commands = new WindowsCommands(42);

  @Test
  void noneIsOfLinux() {
    for (Kind kind : Kind.values()) {
      assertThat(commands.count(kind)).contains("42").doesNotContain("/proc", "grep", "wc ");
    }
    assertThat(commands.libraries()).doesNotContain("/proc");
    assertThat(commands.afterCollection(commands.all())).startsWith("jcmd 42 GC.run; ");
  }

  @Test
  void handlesAreNamedAsTheToolPrintsThem() {
    assertThat(commands.numbers(List.of(0x1a4, 0x2b0)))
        .isEqualTo("handle -nobanner -a -p 42 | Select-String '^ *(1A4|2B0): '");
  }

  @Test
  void aPatternIsARegularExpression() {
    assertThat(commands.count(Kind.PIPE))
        .isEqualTo("@(handle -nobanner -a -p 42 | Select-String '\\\\Device\\\\NamedPipe').Count");
    assertThat(commands.count(Kind.FILE)).contains(": File .* [A-Z]:\\\\'");
  }
}
