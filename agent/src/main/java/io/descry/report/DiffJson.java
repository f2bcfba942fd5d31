package io.descry.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.descry.report.ReportDiff.Change;
import io.descry.report.ReportDiff.Side;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;

/** What differs between two reports, for programs; named as in the reports themselves. */
public final class DiffJson {
  private DiffJson() {}

  /**
   * Writes the whole of it in UTF-8, and flushes the stream.
   *
   * @throws IOException what the stream throws
   */
  public static void write(ReportDiff diff, OutputStream out) throws IOException {
    try (JsonGenerator json = JsonReport.generator(out)) {
      json.writeStartObject();
      json.writeBooleanField("same", diff.isSame());
      json.writeBooleanField("oneProcess", diff.isOneProcess());
      side(json, "before", diff.before());
      side(json, "after", diff.after());
      changes(json, "findings", diff.findings());
      changes(json, "groups", diff.groups());
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private static void side(JsonGenerator json, String name, Side side) throws IOException {
    json.writeObjectFieldStart(name);
    JsonReport.text(json, "file", side.file());
    json.writeNumberField("pid", side.pid());
    JsonReport.time(json, "started", side.started());
    JsonReport.time(json, "written", side.written());
    JsonReport.text(json, "reason", side.reason());
    json.writeNumberField("open", side.open());
    if (side.limit() == null) {
      json.writeNullField("limitSoft");
    } else {
      json.writeNumberField("limitSoft", side.limit());
    }
    json.writeEndObject();
  }

  private static void changes(JsonGenerator json, String name, List<Change> changes)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (Change change : changes) {
      DiffEntry entry = change.entry();
      json.writeStartObject();
      json.writeStringField("what", change.what().name().toLowerCase(Locale.ROOT));
      if (entry.rule() != null) {
        JsonReport.text(json, "rule", entry.rule());
      }
      JsonReport.text(json, "owner", entry.owner());
      JsonReport.text(json, "library", entry.library());
      JsonReport.text(json, "kind", entry.kind());
      json.writeObjectFieldStart("site");
      JsonReport.texts(json, "java", entry.site().java());
      JsonReport.texts(json, "native", entry.site().natives());
      json.writeEndObject();
      entry(json, "before", change.before());
      entry(json, "after", change.after());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void entry(JsonGenerator json, String name, DiffEntry entry) throws IOException {
    if (entry == null) {
      json.writeNullField(name);
      return;
    }
    json.writeObjectFieldStart(name);
    json.writeNumberField("count", entry.count());
    if (entry.rule() != null) {
      JsonReport.text(json, "confidence", entry.confidence());
      if (entry.ratePerMinute() == null) {
        json.writeNullField("ratePerMinute");
      } else {
        json.writeNumberField("ratePerMinute", entry.ratePerMinute());
      }
    }
    json.writeEndObject();
  }
}
