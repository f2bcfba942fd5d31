package io.descry.os.tracer;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Forked;
import java.util.List;
import org.junit.jupiter.api.Test;

class TracerStartTest {
  @Test
  void aNativeOpenIsSeenWithBothStacksOrTheReasonIsSaid() throws Exception {
    List<String> lines = Forked.run(TraceZlib.class);
    if (lines.contains("on false")) {
      // A build without a C compiler.
      assertThat(lines)
          .contains("unseen")
          .anyMatch(line -> line.matches("blind who .*: .* none .*"));
      return;
    }
    assertThat(lines)
        .contains("on true", "use open libz.so.1", "same true", "closed by libz.so.1 close")
        .contains("error open ENOENT 1")
        .contains("java com.sun.jna.Native.invokePointer(Native Method)")
        .anyMatch(line -> line.startsWith("native libz.so.1+0x"))
        .anyMatch(line -> line.startsWith("native libjnidispatch.so!ffi_call+0x"))
        .anyMatch(line -> line.startsWith("java io.descry.os.tracer.TraceZlib.main(TraceZlib"))
        .noneMatch(line -> line.startsWith("native [generated code]"))
        .noneMatch(line -> line.startsWith("native libjvm.so"));
  }

  @Test
  void anotherSystemHasNone() throws Exception {
    assertThat(Forked.run(TraceZlib.class, "-Dtraced.os=Plan 9"))
        .contains("on false", "unseen")
        .anyMatch(line -> line.endsWith("the native tracer knows Linux only"));
  }
}
