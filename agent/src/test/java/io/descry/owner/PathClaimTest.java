package io.descry.owner;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PathClaimTest {
  private static final Claim FILE = Claim.fileParameter("-wal");
  private static final Claim DIRECTORY = Claim.directoryParameter();

  @Test
  void aFileIsClaimedWithItsSiblings(@TempDir Path temp) throws IOException {
    Path file = Files.createFile(temp.toRealPath().resolve("a.db"));
    PathClaim claim = PathClaim.of(file.toString(), FILE);
    assertThat(claim.covers(file.toString())).isTrue();
    assertThat(claim.covers(file + "-wal")).isTrue();
    assertThat(claim.covers(file + " (deleted)")).isTrue();
    assertThat(claim.covers(file + "-other")).isFalse();
    assertThat(claim.covers(file + "/in")).isFalse();
    assertThat(claim.covers("socket:[1]")).isFalse();
  }

  @Test
  void aDirectoryIsClaimedWithAllBeneathIt(@TempDir Path temp) throws IOException {
    Path directory = Files.createDirectory(temp.toRealPath().resolve("rocks"));
    PathClaim claim = PathClaim.of(directory.toString(), DIRECTORY);
    assertThat(claim.covers(directory.toString())).isTrue();
    assertThat(claim.covers(directory + "/000004.log")).isTrue();
    assertThat(claim.covers(directory + "-next/000004.log")).isFalse();
  }

  @Test
  void linksAreFollowedAsTheKernelDoes(@TempDir Path temp) throws IOException {
    Path directory = Files.createDirectory(temp.toRealPath().resolve("real"));
    Path link = Files.createSymbolicLink(temp.resolve("link"), directory);
    assertThat(PathClaim.of(link.toString(), DIRECTORY).covers(directory + "/x")).isTrue();
    PathClaim gone = PathClaim.of(link.resolve("gone.db").toString(), FILE);
    assertThat(gone.covers(directory + "/gone.db (deleted)")).isTrue();
  }

  @Test
  void relativePathsAndSqliteUrisAreRead() {
    String here = Path.of("").toAbsolutePath().toString();
    assertThat(PathClaim.of("some.db", FILE).covers(here + "/some.db")).isTrue();
    assertThat(PathClaim.of("file:some.db?mode=ro", FILE).covers(here + "/some.db")).isTrue();
    assertThat(PathClaim.of("file:///var/some.db", FILE).path()).isEqualTo("/var/some.db");
    assertThat(PathClaim.of("file://localhost/var/x#y", FILE).path()).isEqualTo("/var/x");
  }

  @Test
  void onWindowsPathsAreClaimedInEitherCaseAsGivenAndWithoutLinks() throws IOException {
    try (FileSystem windows = Jimfs.newFileSystem(Configuration.windows())) {
      Path store = Files.createDirectories(windows.getPath("C:\\Data\\Rocks"));
      Files.createSymbolicLink(windows.getPath("C:\\Linked"), store);
      PathClaim rocks = PathClaim.of("c:/linked", DIRECTORY, windows);
      assertThat(rocks.covers("C:\\Data\\Rocks\\000004.log")).isTrue();
      assertThat(rocks.covers("C:\\LINKED\\000004.log")).isTrue();
      assertThat(rocks.covers("C:\\LINKED")).isTrue();
      assertThat(rocks.covers("C:\\Data\\Rocks-next\\000004.log")).isFalse();
      assertThat(rocks.covers("C:\\Data\\other.log")).isFalse();

      PathClaim database = PathClaim.of("file:///C:/Data/Some.db?mode=ro", FILE, windows);
      assertThat(database.covers("C:\\Data\\some.db")).isTrue();
      assertThat(database.covers("C:\\Data\\Some.db-wal")).isTrue();
      assertThat(database.covers("C:\\Data\\Some.db-other")).isFalse();
      assertThat(PathClaim.of("C:\\a|b", FILE, windows)).isNull();
    }
  }

  @Test
  void whatIsNoFileClaimsNothing() {
    assertThat(PathClaim.of("", FILE)).isNull();
    assertThat(PathClaim.of(":memory:", FILE)).isNull();
    assertThat(PathClaim.of("file::memory:?cache=shared", FILE)).isNull();
    assertThat(PathClaim.of("a\0b", FILE)).isNull();
  }
}
