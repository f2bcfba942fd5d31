package io.descry.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFileTest {
  @TempDir Path directory;

  @Test
  void expandsProcessAndTime() {
    Path path =
        new ReportFile("/var/log/d-%p-%t.x")
            .path(4711, Instant.parse("2026-11-23T10:15:00.9Z"), "json");

    assertThat(path).hasToString("/var/log/d-4711-20261123T101500Z.x.json");
  }

  @Test
  void writesAFileThatOnlyItsOwnerReads() throws IOException {
    Path path = file("report-%p").write(new TextReport(), Sample.healthy());

    assertThat(path).isEqualTo(directory.resolve("report-4711.txt"));
    assertThat(Files.readString(path)).isEqualTo(new TextReport().render(Sample.healthy()));
    assertThat(mode(path)).isEqualTo("rw-------");
    assertThat(names()).containsExactly("report-4711.txt");
  }

  @Test
  void isReadableByNobodyElseWhileItIsWritten() throws IOException {
    List<String> modes = new java.util.ArrayList<>();
    file("report")
        .write(
            format(
                out -> {
                  out.write('x');
                  out.flush();
                  try (Stream<Path> files = Files.list(directory)) {
                    for (Path file : files.toList()) {
                      modes.add(mode(file) + " " + file.getFileName().toString().endsWith(".tmp"));
                    }
                  }
                }),
            Sample.healthy());

    assertThat(modes).containsExactly("rw------- true");
  }

  @Test
  void replacesALinkAndLeavesWhatItLeadsTo() throws IOException {
    Path victim = Files.writeString(directory.resolve("victim"), "precious");
    Path link = Files.createSymbolicLink(directory.resolve("report.txt"), victim);

    file("report").write(new TextReport(), Sample.healthy());

    assertThat(victim).hasContent("precious");
    assertThat(Files.isSymbolicLink(link)).isFalse();
    assertThat(mode(link)).isEqualTo("rw-------");
  }

  @Test
  void replacesALinkToADirectoryAndOneToNothing() throws IOException {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Files.createSymbolicLink(directory.resolve("a.txt"), elsewhere);
    Files.createSymbolicLink(directory.resolve("b.txt"), directory.resolve("nothing"));

    file("a").write(new TextReport(), Sample.healthy());
    file("b").write(new TextReport(), Sample.healthy());

    assertThat(directory.resolve("a.txt")).isRegularFile();
    assertThat(directory.resolve("b.txt")).isRegularFile();
    assertThat(elsewhere).isEmptyDirectory();
    assertThat(names()).doesNotContain("nothing");
  }

  @Test
  void replacesAnOlderReportWhoeverCouldReadIt() throws IOException {
    Path old = Files.writeString(directory.resolve("report.txt"), "old");
    Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rw-rw-rw-"));

    file("report").write(new TextReport(), Sample.healthy());

    assertThat(Files.readString(old)).startsWith("Descry");
    assertThat(mode(old)).isEqualTo("rw-------");
  }

  @Test
  void keepsTheOldReportWhenTheNewOneFails() throws IOException {
    Path old = Files.writeString(directory.resolve("report.txt"), "old");
    ReportFormat full =
        format(
            out -> {
              out.write(new byte[20_000]);
              throw new IOException("No space left on device");
            });

    assertThatThrownBy(() -> file("report").write(full, Sample.healthy()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(old.toString())
        .hasMessageContaining("No space left on device");
    assertThat(old).hasContent("old");
    assertThat(names()).containsExactly("report.txt");
  }

  @Test
  void leavesNothingBehindWhenTheFormatIsBroken() throws IOException {
    ReportFormat broken =
        format(
            out -> {
              throw new IllegalStateException("broken");
            });

    assertThatThrownBy(() -> file("report").write(broken, Sample.healthy()))
        .isInstanceOf(IllegalStateException.class);
    assertThat(names()).isEmpty();
  }

  @Test
  void refusesADirectoryThatIsNotThere() {
    assertThatThrownBy(() -> file("missing/report").write(new TextReport(), Sample.healthy()))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "report %s is not written: no directory %s",
            directory.resolve("missing/report.txt"), directory.resolve("missing"));
  }

  @Test
  void doesNotReplaceADirectory() throws IOException {
    Files.createDirectory(directory.resolve("report.txt"));

    assertThatThrownBy(() -> file("report").write(new TextReport(), Sample.healthy()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not written");
    assertThat(names()).containsExactly("report.txt");
  }

  @Test
  void saysSoWhenThePathIsNone() {
    assertThatThrownBy(() -> new ReportFile("a\0b").write(new TextReport(), Sample.healthy()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("no report is written");
  }

  private ReportFile file(String name) {
    return new ReportFile(directory.resolve(name).toString());
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private interface Body {
    void write(OutputStream out) throws IOException;
  }

  private static ReportFormat format(Body body) {
    return new ReportFormat() {
      @Override
      public String extension() {
        return "txt";
      }

      @Override
      public void write(ReportData data, OutputStream out) throws IOException {
        body.write(out);
      }
    };
  }
}
