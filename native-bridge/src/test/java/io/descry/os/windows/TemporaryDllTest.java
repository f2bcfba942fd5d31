package io.descry.os.windows;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryDllTest {
  @TempDir private Path temporary;

  private Path directory(String name, Duration age) throws IOException {
    Path directory = Files.createDirectory(temporary.resolve(name));
    Files.writeString(directory.resolve("some.dll"), "x");
    Files.setLastModifiedTime(directory, FileTime.from(Instant.now().minus(age)));
    return directory;
  }

  @Test
  void whatEndedProcessesLeftIsDeletedAndNothingElse() throws IOException {
    Path ended = directory("descry-dll-1", Duration.ofHours(1));
    Path beginning = directory("descry-dll-2", Duration.ZERO);
    Path others = directory("other-dll-3", Duration.ofHours(1));
    Path notAlone = directory("descry-dll-4", Duration.ofHours(1));
    Files.writeString(notAlone.resolve("more.txt"), "x");
    Files.setLastModifiedTime(notAlone, FileTime.from(Instant.now().minus(Duration.ofHours(1))));

    TemporaryDll.deleteWhatOthersLeft(temporary, "some.dll");

    assertThat(ended).doesNotExist();
    assertThat(beginning.resolve("some.dll")).exists();
    assertThat(others.resolve("some.dll")).exists();
    assertThat(notAlone.resolve("more.txt")).exists();
  }
}
