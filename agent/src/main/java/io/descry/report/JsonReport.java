package io.descry.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import io.descry.detect.Evidence;
import io.descry.detect.Finding;
import io.descry.detect.Resolved;
import io.descry.os.Blind;
import io.descry.os.Kind;
import io.descry.os.Socket;
import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Library;
import io.descry.reconcile.OwnedDescriptor;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Site;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The report for programs: schema 1, which changes only by addition.
 *
 * <p>Times are ISO-8601 in UTC. What is unknown is {@code null}, never a made-up number; a limit
 * that is not set is 9223372036854775807. Text keeps its characters, but those that could deceive a
 * terminal are written as JSON escapes; it is cut at {@value #LONGEST_TEXT} characters, and halves
 * of surrogate pairs become {@code ?}, as no UTF-8 exists for them.
 */
public final class JsonReport implements ReportFormat {
  static final int SCHEMA = 1;
  static final int LISTED = 1000;
  static final int LONGEST_TEXT = 8192;

  // No recycling of buffers: reports are rare, and a pool would hang on the threads that wrote.
  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .characterEscapes(new Deceptive())
          .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .build();

  @Override
  public String extension() {
    return "json";
  }

  @Override
  public void write(ReportData data, OutputStream out) throws IOException {
    try (JsonGenerator json = generator(out)) {
      json.writeStartObject();
      descry(json, data);
      process(json, data);
      descriptors(json, data);
      json.writeArrayFieldStart("findings");
      for (Finding finding : data.verdict().findings()) {
        finding(json, finding);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("resolved");
      for (Resolved resolved : data.verdict().resolved()) {
        resolved(json, resolved);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("groups");
      for (Group group : data.reconciliation().groups()) {
        group(json, group, data.allDescriptors());
      }
      json.writeEndArray();
      blind(json, data.blind());
      actions(json, data.actions());
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  /** Writes JSON of the report's form; closed, it leaves the stream open. */
  static JsonGenerator generator(OutputStream out) throws IOException {
    JsonGenerator json = FACTORY.createGenerator(out);
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    json.setPrettyPrinter(new DefaultPrettyPrinter().withObjectIndenter(lines));
    return json;
  }

  private static void descry(JsonGenerator json, ReportData data) throws IOException {
    json.writeObjectFieldStart("descry");
    text(json, "version", data.version());
    json.writeNumberField("schema", SCHEMA);
    time(json, "started", data.started());
    time(json, "written", data.written());
    text(json, "reason", data.reason());
    json.writeNumberField("scans", data.scans());
    json.writeEndObject();
  }

  private static void process(JsonGenerator json, ReportData data) throws IOException {
    ProcessFacts process = data.process();
    json.writeObjectFieldStart("process");
    json.writeNumberField("pid", process.pid());
    text(json, "command", process.command());
    text(json, "java", process.java());
    text(json, "vm", process.vm());
    text(json, "os", process.os());
    text(json, "kernel", process.kernel());
    text(json, "container", process.container());
    limit(json, "limitSoft", data.reconciliation().limits().soft());
    limit(json, "limitHard", data.reconciliation().limits().hard());
    json.writeEndObject();
  }

  private static void descriptors(JsonGenerator json, ReportData data) throws IOException {
    Census census = Census.of(data.reconciliation());
    json.writeObjectFieldStart("descriptors");
    json.writeNumberField("open", census.open());
    json.writeObjectFieldStart("byOwner");
    for (Map.Entry<Owner, Integer> owner : census.byOwner().entrySet()) {
      json.writeNumberField(owner.getKey().label(), owner.getValue());
    }
    json.writeEndObject();
    json.writeObjectFieldStart("byKind");
    for (Map.Entry<Kind, Integer> kind : census.byKind().entrySet()) {
      json.writeNumberField(kind.getKey().label(), kind.getValue());
    }
    json.writeEndObject();
    rate(json, "growthPerMinute", data.verdict().growthPerSecond() * 60);
    time(json, "exhaustion", data.verdict().exhaustion());
    json.writeEndObject();
  }

  private static void resolved(JsonGenerator json, Resolved resolved) throws IOException {
    json.writeStartObject();
    text(json, "id", resolved.id());
    text(json, "rule", resolved.rule());
    text(json, "confidence", resolved.confidence().label());
    key(json, resolved.group(), resolved.count());
    time(json, "from", resolved.from());
    time(json, "to", resolved.to());
    json.writeNumberField("closed", resolved.closed());
    json.writeEndObject();
  }

  private static void finding(JsonGenerator json, Finding finding) throws IOException {
    json.writeStartObject();
    text(json, "id", finding.id());
    text(json, "rule", finding.rule());
    text(json, "confidence", finding.confidence().label());
    json.writeBooleanField("hazard", finding.hazard());
    key(json, finding.group(), finding.count());
    list(json, finding.descriptors().stream().limit(LISTED).toList());
    json.writeArrayFieldStart("evidence");
    for (Evidence evidence : finding.evidence()) {
      json.writeStartObject();
      text(json, "type", evidence.type());
      text(json, "text", evidence.text());
      text(json, "check", evidence.check());
      json.writeEndObject();
    }
    json.writeEndArray();
    time(json, "firstSeen", finding.firstSeen());
    rate(json, "ratePerMinute", finding.ratePerMinute());
    time(json, "exhaustion", finding.exhaustion());
    texts(json, "advice", finding.advice());
    json.writeEndObject();
  }

  private static void group(JsonGenerator json, Group group, boolean listed) throws IOException {
    json.writeStartObject();
    key(json, group.key(), group.descriptors().size());
    if (listed) {
      list(json, group.descriptors());
    }
    json.writeEndObject();
  }

  private static void key(JsonGenerator json, GroupKey key, int count) throws IOException {
    text(json, "owner", key.owner().label());
    Library library = key.library();
    if (library == null) {
      json.writeNullField("library");
    } else {
      json.writeObjectFieldStart("library");
      text(json, "name", library.name());
      text(json, "version", library.version());
      text(json, "path", library.path());
      text(json, "buildId", library.buildId());
      json.writeEndObject();
    }
    text(json, "kind", key.kind().label());
    json.writeNumberField("count", count);
    Site site = key.site();
    json.writeObjectFieldStart("site");
    texts(json, "java", site.java());
    texts(json, "native", site.natives());
    json.writeEndObject();
  }

  private static void list(JsonGenerator json, List<OwnedDescriptor> descriptors)
      throws IOException {
    json.writeArrayFieldStart("descriptors");
    for (OwnedDescriptor owned : descriptors) {
      json.writeStartObject();
      json.writeNumberField("fd", owned.descriptor().number());
      text(json, "target", owned.descriptor().target());
      text(json, "kind", owned.descriptor().kind().label());
      time(json, "opened", owned.opened());
      text(json, "thread", owned.thread());
      text(json, "call", owned.call());
      text(json, "meaning", owned.meaning());
      json.writeBooleanField("exact", owned.openedExactly());
      socket(json, owned.descriptor().socket());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void rate(JsonGenerator json, String name, double perMinute) throws IOException {
    if (Double.isFinite(perMinute)) {
      json.writeNumberField(name, perMinute);
    } else {
      json.writeNullField(name);
    }
  }

  private static void socket(JsonGenerator json, Socket socket) throws IOException {
    if (socket == null) {
      json.writeNullField("socket");
    } else {
      json.writeObjectFieldStart("socket");
      text(json, "protocol", socket.protocol());
      text(json, "local", socket.local());
      text(json, "remote", socket.remote());
      text(json, "state", socket.state());
      json.writeEndObject();
    }
  }

  private static void actions(JsonGenerator json, List<ActionTaken> actions) throws IOException {
    json.writeArrayFieldStart("actions");
    for (ActionTaken one : actions) {
      json.writeStartObject();
      time(json, "at", one.at());
      text(json, "action", one.action());
      text(json, "text", one.text());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void blind(JsonGenerator json, List<Blind> blind) throws IOException {
    json.writeArrayFieldStart("blind");
    for (Blind spot : blind) {
      json.writeStartObject();
      text(json, "what", spot.what());
      time(json, "since", spot.since());
      text(json, "why", spot.why());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void limit(JsonGenerator json, String name, long limit) throws IOException {
    if (limit < 0) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, limit);
    }
  }

  static void time(JsonGenerator json, String name, Instant time) throws IOException {
    json.writeStringField(name, time == null ? null : time.toString());
  }

  static void texts(JsonGenerator json, String name, List<String> texts) throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(writable(text));
    }
    json.writeEndArray();
  }

  static void text(JsonGenerator json, String name, String text) throws IOException {
    json.writeStringField(name, text == null ? null : writable(text));
  }

  private static String writable(String text) {
    String cut = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + "..." : text;
    // String.getBytes replaces what it cannot encode; Jackson throws and the report would be lost.
    return new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  /** Escapes beyond what JSON asks for: a report is also read with cat and less. */
  private static final class Deceptive extends CharacterEscapes {
    private static final long serialVersionUID = 1;

    @Override
    public int[] getEscapeCodesForAscii() {
      int[] escapes = standardAsciiEscapesForJSON();
      escapes[0x7f] = ESCAPE_STANDARD;
      return escapes;
    }

    @Override
    public SerializableString getEscapeSequence(int character) {
      boolean pair = character <= 0xffff && Character.isSurrogate((char) character);
      return VisibleText.isHidden(character) && !pair
          ? new SerializedString(String.format("\\u%04x", character))
          : null;
    }
  }
}
