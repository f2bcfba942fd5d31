package io.descry.os.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.descry.os.JnaLoading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MemoryTest {
  private static final int SIZE = 200_000;

  @Test
  void memoryIsReadAndWhatIsNotMappedIsAnError() throws IOException {
    assertThat(JnaLoading.once().loaded()).isTrue();
    long address = Native.malloc(SIZE);
    try {
      byte[] written = new byte[SIZE];
      for (int i = 0; i < SIZE; i++) {
        written[i] = (byte) (i * 31);
      }
      new Pointer(address).write(0, written, 0, SIZE);
      byte[] read = new byte[SIZE];
      ProcessMemory memory = new ProcessMemory();
      memory.read(address, read);
      assertThat(read).isEqualTo(written);
      assertThatThrownBy(() -> memory.read(4096, read)).isInstanceOf(IOException.class);
      memory.read(address, read);
    } finally {
      Native.free(address);
    }
  }

  @Test
  void aLoadedFunctionTellsItsTextAndNothingIsLoadedForIt() throws IOException {
    String libc =
        Files.readAllLines(Path.of("/proc/self/maps")).stream()
            .filter(line -> line.contains("/libc.so.6") || line.contains("/libc-2."))
            .map(line -> line.substring(line.indexOf('/')))
            .findFirst()
            .orElseThrow();
    String version = LoadedFunction.text(libc, "gnu_get_libc_version");
    assertThat(version).matches("2\\.\\d+.*");
    assertThat(LoadedFunction.text(libc, "no_such_function")).isNull();
    Path other = Files.createTempDirectory("descry").resolve("libother.so");
    Files.copy(Path.of(System.getProperty("java.home"), "lib", "libjsig.so"), other);
    assertThat(LoadedFunction.text(other.toString(), "signal")).isNull();
    String maps = new String(Files.readAllBytes(Path.of("/proc/self/maps")), US_ASCII);
    assertThat(maps).doesNotContain(other.toString());
  }
}
