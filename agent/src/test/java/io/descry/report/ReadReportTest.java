package io.descry.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadReportTest {
  @TempDir Path directory;

  @Test
  void theTextOfWhatIsReadIsThatOfWhatWasWritten() throws IOException {
    for (ReportData data : new ReportData[] {Sample.healthy(), Sample.troubled()}) {
      ReportData read = ReadReport.of(written(data));

      assertThat(new TextReport().render(read)).isEqualTo(new TextReport().render(data));
    }
  }

  @Test
  void saysWhichWordItDoesNotKnow() throws IOException {
    Path report = written(Sample.troubled());
    Files.writeString(
        report,
        Files.readString(report).replace("\"owner\" : \"java\"", "\"owner\" : \"no\\none\""));

    assertThatThrownBy(() -> ReadReport.of(report))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("owner 'no\\none'");
  }

  private Path written(ReportData data) throws IOException {
    Path file = directory.resolve("report.json");
    try (OutputStream out = Files.newOutputStream(file)) {
      new JsonReport().write(data, out);
    }
    return file;
  }
}
