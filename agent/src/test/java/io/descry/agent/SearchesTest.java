package io.descry.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Descriptor;
import io.descry.os.DescriptorSnapshot;
import io.descry.os.Kind;
import io.descry.os.windows.SearchBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchesTest {
  private static final long NONE = 0x7ff0_1234_5670L;

  @TempDir Path directory;
  private Path home;

  @BeforeEach
  void aHomeAndItsLibraries() throws IOException {
    home = directory.resolve("Jdk-17");
    Files.createDirectories(home.resolve("lib"));
  }

  private static Descriptor open(int number, Kind kind, String target) {
    return new Descriptor(number, kind, target, 0, 0, -1, -1, null, null);
  }

  private static final DescriptorSnapshot BOTH =
      snapshot(
          open(0x40, Kind.DIRECTORY, "C:\\Java\\jdk-17"),
          open(0x44, Kind.DIRECTORY, "C:\\Java\\jdk-17\\lib"),
          open(0x48, Kind.FILE, "C:\\Java\\jdk-17\\lib"),
          open(0x4c, Kind.EVENT, "Event"));

  private static DescriptorSnapshot snapshot(Descriptor... open) {
    return new DescriptorSnapshot(Instant.EPOCH, List.of(open), 0);
  }

  private int handleAt(DescriptorSnapshot windows, long[]... words) throws IOException {
    ArrayDeque<long[]> searches = new ArrayDeque<>(List.of(words));
    return new Searches(() -> windows, searches::poll).handleAt(home);
  }

  @Test
  void whatHoldsForBothIsWhereHandlesStand() throws IOException {
    assertThat(handleAt(BOTH, new long[] {0x40, NONE}, new long[] {0x44, NONE})).isZero();
    assertThat(handleAt(BOTH, new long[] {1, 0x40}, new long[] {1, 0x44})).isEqualTo(8);
  }

  @Test
  void whatHoldsForOneOnlyIsNot() throws IOException {
    assertThat(handleAt(BOTH, new long[] {0x40, NONE}, new long[] {NONE, 0x44}))
        .isEqualTo(SearchBlock.UNKNOWN);
    assertThat(handleAt(BOTH, new long[] {0x40, NONE}, new long[] {NONE, NONE}))
        .isEqualTo(SearchBlock.UNKNOWN);
    assertThat(handleAt(BOTH, new long[] {0x40, NONE})).isEqualTo(SearchBlock.UNKNOWN);
    assertThat(handleAt(BOTH)).isEqualTo(SearchBlock.UNKNOWN);
  }

  @Test
  void aHandleOfAnotherKindOrDirectoryIsNot() throws IOException {
    for (int other : new int[] {0x44, 0x48, 0x4c, 0x50}) {
      assertThat(handleAt(BOTH, new long[] {other, NONE}, new long[] {other, NONE}))
          .as("%x", other)
          .isEqualTo(SearchBlock.UNKNOWN);
    }
  }

  @Test
  void twoWordsThatCouldBeItAreNone() throws IOException {
    assertThat(handleAt(BOTH, new long[] {0x40, 0x40}, new long[] {0x44, 0x44}))
        .isEqualTo(SearchBlock.UNKNOWN);
  }
}
