package io.descry.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForkedTest {
  private static final String LINUX = "adapter LinuxProcessDescriptors";
  private static final String PLAIN = "adapter ProcfsReader";

  @Test
  void aProcessAtItsLimitIsSeenWholeAndNothingIsTakenFromIt() throws Exception {
    List<String> lines = Forked.withLimit(64, AtTheLimit.class);
    String refused = "/proc/version (Too many open files)";
    String count = lines.get(1).replaceAll(".* count ", "");
    assertThat(lines.get(0)).isEqualTo(refused);
    assertThat(lines.get(2))
        .isEqualTo("scan " + count + " all files true watches true state LISTEN count 0");
    assertThat(lines.get(3)).isEqualTo("then " + refused);
    assertThat(lines.get(4)).isEqualTo("exhausted true then false");
    assertThat(lines.get(5)).isEqualTo("limit 64");
    assertThat(lines.get(6)).isEqualTo("waits true some true");
    assertThat(lines.get(7)).isEqualTo("failures []");
    // 64 less the directory, the spare and what libffi holds
    assertThat(Integer.parseInt(count)).isBetween(61, 62);
  }

  @Test
  void plainJavaAtTheLimitCountsAndSaysThatItCannotScan() throws Exception {
    List<String> lines = Forked.withLimit(64, AtTheLimit.class, "-Dplain=true");
    assertThat(lines.get(2)).isEqualTo("scan refused");
    assertThat(lines.get(4)).isEqualTo("exhausted true then false");
    assertThat(lines.get(6)).isEqualTo("waits false some false");
    assertThat(lines.get(7)).contains("operation=list");
  }

  @Test
  void itsOwnLoadingLeavesNothingOpenAndNoProperty(@TempDir Path directory) throws Exception {
    List<String> lines = Forked.run(ShowAdapter.class, "-Djava.io.tmpdir=" + directory);
    assertThat(lines)
        .contains(LINUX, "counts true")
        .noneMatch(line -> line.startsWith("property"))
        .noneMatch(line -> line.startsWith("refusal"))
        .noneMatch(line -> line.startsWith("failure"))
        .noneMatch(line -> line.startsWith("target") && line.contains("descry-"))
        .noneMatch(line -> line.startsWith("target /dev/random"))
        .noneMatch(line -> line.startsWith("target socket"));
    assertThat(Files.list(directory)).isEmpty();
  }

  @Test
  void aTemporaryDirectoryThatTakesNoFileIsPassedOver() throws Exception {
    List<String> lines = Forked.run(ShowAdapter.class, "-Djava.io.tmpdir=/proc");
    assertThat(lines).contains(LINUX, "counts true");
    assertThat(lines).anyMatch(line -> line.startsWith("refusal /proc: "));
  }

  @Test
  void propertiesThatTheOperatorSetForJnaStay() throws Exception {
    List<String> lines =
        Forked.run(ShowAdapter.class, "-Djna.nosys=false", "-Djna.boot.library.path=/nowhere");
    assertThat(lines)
        .contains(LINUX, "property jna.nosys=false", "property jna.boot.library.path=/nowhere");
    assertThat(lines.stream().filter(line -> line.startsWith("property"))).hasSize(2);
  }

  @Test
  void whereJnaHasNoLibraryPlainJavaReads() throws Exception {
    List<String> lines = Forked.run(ShowAdapter.class, "-Djna.prefix=nowhere");
    assertThat(lines)
        .contains(
            PLAIN, "counts true", "blind JNA cannot be loaded: JNA has no library for nowhere");
  }

  @Test
  void whereThereIsNoJnaPlainJavaReads() throws Exception {
    List<String> lines = Forked.withoutJna(ShowAdapter.class);
    assertThat(lines).contains(PLAIN, "counts true").anyMatch(line -> line.startsWith("blind JNA"));
  }

  @Test
  void anotherSystemIsUnseen() throws Exception {
    List<String> lines = Forked.run(ShowAdapter.class, "-Dos.name=Plan 9");
    assertThat(lines)
        .contains(
            "adapter UnseenDescriptors",
            "blind Descry knows no way to list the descriptors of Plan 9");
  }

  @Test
  void windowsWithoutItsJnaIsUnseen() throws Exception {
    List<String> lines = Forked.run(ShowAdapter.class, "-Dos.name=Windows 11");
    assertThat(lines)
        .contains(
            "adapter UnseenDescriptors",
            "blind JNA cannot be loaded: JNA has no library for win32-x86-64");
  }

  @Test
  void nothingForWindowsIsLoadedOnLinux() throws Exception {
    List<String> lines = Forked.run(ShowAdapter.class, "-Xlog:class+load");
    assertThat(lines)
        .anyMatch(line -> line.contains(" io.descry.os.linux.LinuxProcessDescriptors "))
        .noneMatch(line -> line.contains(" io.descry.os.windows."));
  }
}
