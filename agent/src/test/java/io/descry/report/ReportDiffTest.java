package io.descry.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.descry.report.ReportDiff.Change;
import io.descry.report.ReportDiff.What;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportDiffTest {
  @TempDir Path directory;

  @Test
  void aReportDoesNotDifferFromItself() throws IOException {
    Path report = report("a", Sample.troubled());

    ReportDiff diff = ReportDiff.of(report, report);

    assertThat(diff.isSame()).isTrue();
    assertThat(diff.isOneProcess()).isTrue();
    assertThat(DiffText.render(diff)).contains("No finding and no group differs.");
  }

  @Test
  void whatOnlyOneHasAppearedOrWent() throws IOException {
    Path calm = report("a", Sample.healthy());
    Path trouble = report("b", Sample.troubled());

    ReportDiff diff = ReportDiff.of(calm, trouble);
    ReportDiff back = ReportDiff.of(trouble, calm);

    assertThat(diff.findings()).hasSize(5).allMatch(one -> one.what() == What.APPEARED);
    assertThat(diff.groups()).extracting(Change::what).containsOnly(What.APPEARED);
    assertThat(diff.groups()).extracting(Change::countAfter).containsExactly(412L, 210L, 31L);
    assertThat(back.findings()).hasSize(5).allMatch(one -> one.what() == What.WENT);
    assertThat(DiffText.render(diff))
        .contains("Open descriptors: 25 -> 678 (+653)")
        .contains("appeared  0 -> 412 (+412)  owner-unreachable: file, java");
  }

  @Test
  void theSameInAnotherRunAndBuildIsMatched() throws IOException {
    Path before =
        other(
            "a",
            "com.acme.A$$Lambda$14/0x00007f3a.run(Unknown Source)",
            "com.acme.B.open(B.java:10)",
            "libuv.so.1!uv_pipe+0x36",
            4,
            2.0);
    Path after =
        other(
            "b",
            "com.acme.A$$Lambda/0x00007fffabc0.run(Unknown Source)",
            "com.acme.B.open(B.java:12)",
            "libuv.so.1!uv_pipe+0x3a",
            9,
            3.5);

    ReportDiff diff = ReportDiff.of(before, after);

    assertThat(diff.groups()).singleElement().matches(one -> one.what() == What.GREW);
    assertThat(DiffText.render(diff)).contains("grew      4 -> 9 (+5)", "+2.0 a minute -> +3.5");
    JsonNode json = json(diff);
    assertThat(json.at("/same").asBoolean()).isFalse();
    assertThat(json.at("/findings/0/what").asText()).isEqualTo("grew");
    assertThat(json.at("/findings/0/before/count").asInt()).isEqualTo(4);
    assertThat(json.at("/findings/0/after/ratePerMinute").asDouble()).isEqualTo(3.5);
  }

  @Test
  void saysWhatIsWrongWithBadInput() throws IOException {
    Path good = report("a", Sample.healthy());
    Path text = Files.writeString(directory.resolve("text"), "Descry 0.1.0: no JSON");
    Path cut = Files.writeString(directory.resolve("cut"), "{\"descry\": {\"schema\": 1");
    Path other = Files.writeString(directory.resolve("other"), "{\"a\": [1, 2]}");
    Path future =
        Files.writeString(directory.resolve("2"), "{\"descry\":{\"schema\":2},\"groups\":[]}");
    Path none = directory.resolve("none");

    assertThatThrownBy(() -> ReportDiff.of(good, text)).hasMessageContaining("no JSON report");
    assertThatThrownBy(() -> ReportDiff.of(cut, good)).hasMessageContaining("no JSON report");
    assertThatThrownBy(() -> ReportDiff.of(good, other)).hasMessageContaining("no report");
    assertThatThrownBy(() -> ReportDiff.of(good, future)).hasMessageContaining("schema 2");
    assertThatThrownBy(() -> ReportDiff.of(none, good)).hasMessageContaining("is not there");
    assertThatThrownBy(() -> ReportDiff.of(directory, good)).hasMessageContaining("is no file");
    Path empty = Files.createFile(directory.resolve("empty"));
    assertThatThrownBy(() -> ReportDiff.of(empty, good)).hasMessageContaining("no report");
  }

  private Path report(String name, ReportData data) throws IOException {
    Path file = directory.resolve(name);
    try (OutputStream out = Files.newOutputStream(file)) {
      new JsonReport().write(data, out);
    }
    return file;
  }

  private Path other(
      String name, String lambda, String frame, String nativeFrame, int count, double rate)
      throws IOException {
    String entry =
        """
        "owner": "library", "library": {"name": "libuv"}, "kind": "pipe", "count": %d,
        "site": {"java": ["%s", "%s"], "native": ["%s"]}
        """
            .formatted(count, lambda, frame, nativeFrame);
    return Files.writeString(
        directory.resolve(name),
        """
        {"descry": {"schema": 1}, "process": {"pid": %d}, "groups": [{%s}],
         "findings": [{"id": "growth-%d", "rule": "growth", "confidence": "probable",
                       "ratePerMinute": %s, %s}]}
        """
            .formatted(count, entry, count, rate, entry));
  }

  private static JsonNode json(ReportDiff diff) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DiffJson.write(diff, out);
    return new ObjectMapper().readTree(out.toByteArray());
  }
}
