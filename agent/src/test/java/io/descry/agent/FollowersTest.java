package io.descry.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.report.ReportData;
import io.descry.report.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowersTest {
  @TempDir Path directory;
  private final List<String> written = new ArrayList<>();
  private ReportData seen = Sample.healthy();
  private final Followers followers =
      new Followers(() -> seen, (base, data) -> written.add(base.substring(base.length() - 1)));

  @Test
  void whoLooksIsWrittenToAfterEachScan() throws IOException {
    followers.add(base("a"));
    followers.add(base("b"));
    followers.add(base("b"));
    followers.scanned();

    assertThat(written).containsExactly("a", "b", "b", "a", "b");
  }

  @Test
  void whoLooksNoMoreIsForgotten() throws IOException {
    followers.add(base("a"));
    followers.add(base("b"));
    written.clear();
    Files.delete(directory.resolve("a.lease"));
    Files.setLastModifiedTime(
        directory.resolve("b.lease"),
        FileTime.from(Instant.now().minus(Followers.LEASE).minusSeconds(2)));
    followers.scanned();
    base("b");
    followers.scanned();
    followers.add(directory.resolve("c").toString());

    assertThat(written).isEmpty();
  }

  @Test
  void beforeTheFirstScanThereIsNothingToWrite() throws IOException {
    seen = null;
    followers.add(base("a"));
    assertThat(written).isEmpty();
    seen = Sample.healthy();
    followers.scanned();
    assertThat(written).containsExactly("a");
  }

  private String base(String name) throws IOException {
    Path lease = directory.resolve(name + ".lease");
    Files.deleteIfExists(lease);
    Files.createFile(lease);
    return directory.resolve(name).toString();
  }
}
