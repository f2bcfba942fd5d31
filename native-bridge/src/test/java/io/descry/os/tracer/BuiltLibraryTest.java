package io.descry.os.tracer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether the tracer, as the jar carries it, can be loaded wherever Descry runs. */
class BuiltLibraryTest {
  private static final int OLDEST_MINOR_OF_GLIBC = 17;
  private static final int TEXT_RELOCATIONS = 22;
  private static final int FLAGS_1 = 0x6ffffffb;
  private static final int NOW = 1;
  private static final int NEVER_UNLOADED = 8;
  private static final int STACK = 0x6474e551;
  private static final int UNWIND_TABLES = 0x6474e550;
  private static final int READ = 4;
  private static final int WRITE = 2;

  @ParameterizedTest
  @CsvSource({"amd64, 62", "aarch64, 183"})
  void isForItsMachine(String architecture, int machine) throws IOException {
    assertThat(new SharedObject(BuiltLibrary.of(architecture)).machine()).isEqualTo(machine);
  }

  @ParameterizedTest
  @ValueSource(strings = {"amd64", "aarch64"})
  void needsNoMoreThanAnOldC(String architecture) throws IOException {
    SharedObject library = new SharedObject(BuiltLibrary.of(architecture));
    if (!BuiltLibrary.compiler().startsWith("zig ")) {
      BuiltLibrary.leaveOut("built by " + BuiltLibrary.compiler());
    }
    assertThat(library.versions())
        .isNotEmpty()
        .allSatisfy(
            version -> {
              assertThat(version).matches("GLIBC_2\\.\\d+(\\.\\d+)?");
              assertThat(Integer.parseInt(version.split("[._]")[2]))
                  .isLessThanOrEqualTo(OLDEST_MINOR_OF_GLIBC);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"amd64", "aarch64"})
  void bringsNoLibraryAlong(String architecture) throws IOException {
    SharedObject library = new SharedObject(BuiltLibrary.of(architecture));
    assertThat(library.needed())
        .contains("libc.so.6")
        .isSubsetOf("libc.so.6", "libdl.so.2", "libpthread.so.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"amd64", "aarch64"})
  void offersNothingThatAnotherObjectCouldBindTo(String architecture) throws IOException {
    SharedObject library = new SharedObject(BuiltLibrary.of(architecture));
    assertThat(library.exported()).contains("JNI_OnLoad").allMatch(name -> name.startsWith("JNI_"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"amd64", "aarch64"})
  void staysLoadedAndBindsAtOnceAndNeedsNoWritableCode(String architecture) throws IOException {
    SharedObject library = new SharedObject(BuiltLibrary.of(architecture));
    assertThat(library.dynamic(FLAGS_1) & (NOW | NEVER_UNLOADED)).isEqualTo(NOW | NEVER_UNLOADED);
    assertThat(library.dynamic(TEXT_RELOCATIONS)).isZero();
    assertThat(library.segmentFlags(STACK)).isEqualTo(READ | WRITE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"amd64", "aarch64"})
  void isSmallAndCanBeUnwoundAndTold(String architecture) throws IOException {
    byte[] content = BuiltLibrary.of(architecture);
    SharedObject library = new SharedObject(content);
    assertThat(content.length).isLessThan(1_000_000);
    assertThat(library.sections())
        .contains(".eh_frame", ".note.gnu.build-id")
        .doesNotContain(".symtab")
        .noneMatch(name -> name.startsWith(".debug"));
    assertThat(library.segmentFlags(UNWIND_TABLES)).isEqualTo(READ);
  }
}
