package io.descry.alert;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.io.StringWriter;

/**
 * An alert as JSON. What is unknown is {@code null}. Everything beyond ASCII is written as an
 * escape, so that text from outside shows as itself or not at all, wherever the body ends up.
 */
final class WebhookBody {
  private static final int MOST_EVIDENCE = 5;
  private static final int LONGEST = 2000;

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
          .build();

  private final Sender sender;

  WebhookBody(Sender sender) {
    this.sender = sender;
  }

  String of(Alert alert) throws IOException {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField(
          "text",
          "Descry: "
              + alert.name()
              + " "
              + alert.state()
              + " (pid "
              + sender.pid()
              + (sender.host() == null ? "" : " on " + cut(sender.host()))
              + "): "
              + alert.text());
      json.writeStringField("alert", alert.name());
      json.writeStringField("kind", alert.kind().label());
      json.writeStringField("state", alert.state());
      json.writeStringField("at", alert.figures().at().toString());
      json.writeStringField("report", alert.report() == null ? null : alert.report().toString());
      json.writeObjectFieldStart("process");
      json.writeNumberField("pid", sender.pid());
      json.writeStringField("host", cut(sender.host()));
      json.writeStringField("command", cut(sender.command()));
      json.writeStringField("descry", sender.version());
      json.writeEndObject();
      figures(json, alert.figures());
      json.writeArrayFieldStart("findings");
      for (AlertedFinding finding : alert.findings()) {
        finding(json, finding);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return out.toString();
  }

  private static void figures(JsonGenerator json, Figures figures) throws IOException {
    json.writeObjectFieldStart("descriptors");
    json.writeNumberField("open", figures.open());
    if (figures.limited()) {
      json.writeNumberField("limit", figures.limit());
      json.writeNumberField("usage", rounded(figures.usage()));
    } else {
      json.writeNullField("limit");
      json.writeNullField("usage");
    }
    json.writeNumberField("growthPerMinute", rounded(figures.growthPerMinute()));
    json.writeStringField(
        "exhaustion", figures.exhaustion() == null ? null : figures.exhaustion().toString());
    json.writeEndObject();
  }

  private static void finding(JsonGenerator json, AlertedFinding finding) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", finding.id());
    json.writeStringField("rule", finding.rule());
    json.writeStringField("confidence", finding.confidence());
    json.writeBooleanField("hazard", finding.hazard());
    json.writeStringField("owner", finding.owner());
    json.writeStringField("library", cut(finding.library()));
    json.writeStringField("kind", finding.kind());
    json.writeNumberField("count", finding.count());
    json.writeArrayFieldStart("evidence");
    for (String fact :
        finding.evidence().subList(0, Math.min(MOST_EVIDENCE, finding.evidence().size()))) {
      json.writeString(cut(fact));
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static String cut(String text) {
    return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
  }

  private static double rounded(double number) {
    return Math.round(number * 1000) / 1000.0;
  }
}
