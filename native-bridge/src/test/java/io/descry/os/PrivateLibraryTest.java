package io.descry.os;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateLibraryTest {
  private static final int ELF_MACHINE = 18;
  private static final byte MIPS = 8;

  private final PrivateLibrary library = new PrivateLibrary("libforeign.so", forAnotherMachine());

  /** One that the system's loader refuses, of which the JVM prints no warning of its own. */
  private static byte[] forAnotherMachine() {
    String resource = "/com/sun/jna/" + Platform.RESOURCE_PREFIX + "/libjnidispatch.so";
    try (InputStream in = Platform.class.getResourceAsStream(resource)) {
      byte[] library = in.readAllBytes();
      library[ELF_MACHINE] = MIPS;
      library[ELF_MACHINE + 1] = 0;
      return library;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void everyDirectoryThatRefusedIsNamedWithItsReasonAndNothingIsLeft(@TempDir Path directory)
      throws Exception {
    Path open = Files.createDirectory(directory.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path absent = directory.resolve("absent");
    List<Path> all = List.of(Path.of("/proc"), absent, open, directory);
    assertThat(library.load(all, file -> {})).isNull();
    assertThat(library.refusals()).hasSize(4);
    assertThat(library.refusals().get(0)).startsWith("/proc: ");
    assertThat(library.refusals().get(1)).isEqualTo(absent + ": NoSuchFileException");
    assertThat(library.refusals().get(2))
        .isEqualTo(open + ": writable by everybody and without the sticky bit");
    assertThat(library.refusals().get(3)).startsWith(directory + ": ").doesNotContain("descry-");
    assertThat(Files.list(open)).isEmpty();
    assertThat(Files.list(directory)).containsExactly(open);
  }

  @Test
  void theTemporaryDirectoryIsTheFirstAndTheWorkingDirectoryTheLastOfThoseTried() {
    List<Path> directories = PrivateLibrary.directories();
    assertThat(directories.get(0)).isEqualTo(Path.of(System.getProperty("java.io.tmpdir")));
    assertThat(directories.get(directories.size() - 1))
        .isEqualTo(Path.of(System.getProperty("user.dir")));
    assertThat(directories).contains(Path.of("/dev/shm")).doesNotHaveDuplicates();
  }
}
