package io.descry.junit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FramesTest {
  @ParameterizedTest
  @CsvSource({
    "java.base/java.io.FileInputStream.open(FileInputStream.java:217), java.io.FileInputStream.open(FileInputStream.java:217)",
    "app//a.B.c(B.java:1), a.B.c(B.java:1)",
    "java.base@17.0.15/a.B.c(B.java:1), a.B.c(B.java:1)",
    "app//a.B$$Lambda/0x00007f.run(Unknown Source), a.B$$Lambda/0x00007f.run(Unknown Source)",
    "a.B.c(dir/B.kt:1), a.B.c(dir/B.kt:1)",
  })
  void areBare(String frame, String bare) {
    assertThat(Frames.bare(frame)).isEqualTo(bare);
  }
}
