package io.descry.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON report of schema 1 as it was read: objects, arrays and values by name. */
final class ReportDocument {
  private static final long LARGEST_FILE = 1L << 28;

  /** What a report is read as: fields that another version may add are carried along. */
  record Node(Object value) {
    private static final Node NOTHING = new Node(null);

    Node at(String name) {
      Object found = value instanceof Map<?, ?> object ? object.get(name) : null;
      return found == null ? NOTHING : new Node(found);
    }

    List<Node> all() {
      List<Node> nodes = new ArrayList<>();
      if (value instanceof List<?> list) {
        list.forEach(one -> nodes.add(new Node(one)));
      }
      return nodes;
    }

    /** The text; {@code null} when it is none. */
    String text() {
      return value instanceof String text ? text : null;
    }

    /** The number; {@code null} when it is none. */
    Double number() {
      return value instanceof Number number ? number.doubleValue() : null;
    }

    boolean isTrue() {
      return Boolean.TRUE.equals(value);
    }
  }

  private ReportDocument() {}

  /**
   * Reads a file.
   *
   * @throws IOException when it cannot be read or is no such report, with a message for the person
   *     who named the file
   */
  static Node read(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new IOException(file + " is not there");
    }
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + " is no file");
    }
    if (!Files.isReadable(file)) {
      throw new IOException(file + " may not be read by you");
    }
    if (Files.size(file) > LARGEST_FILE) {
      throw new IOException(file + " is larger than any report: " + Files.size(file) + " bytes");
    }
    Node report;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
        JsonParser json = new JsonFactory().createParser(in)) {
      json.nextToken();
      report = new Node(value(json));
      if (json.nextToken() != null) {
        throw new IOException(file + " is no JSON report of Descry: more follows the report");
      }
    } catch (JsonProcessingException e) {
      String where = e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
      throw new IOException(
          file
              + " is no JSON report of Descry: "
              + VisibleText.of(e.getOriginalMessage(), 200)
              + where
              + ". Write reports with formats=text+json",
          e);
    }
    Double schema = report.at("descry").at("schema").number();
    if (schema == null || !(report.at("groups").value() instanceof List)) {
      throw new IOException(file + " is JSON, but no report of Descry");
    }
    if (schema != JsonReport.SCHEMA) {
      throw new IOException(
          file + " has schema " + schema.intValue() + ", this version reads " + JsonReport.SCHEMA);
    }
    return report;
  }

  /** Nesting is bounded by Jackson's StreamReadConstraints. */
  private static Object value(JsonParser json) throws IOException {
    JsonToken token = json.currentToken();
    if (token == null) {
      return null;
    }
    return switch (token) {
      case START_OBJECT -> {
        Map<String, Object> object = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String name = json.currentName();
          json.nextToken();
          object.put(name, value(json));
        }
        yield object;
      }
      case START_ARRAY -> {
        List<Object> array = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(json));
        }
        yield array;
      }
      case VALUE_STRING -> json.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }
}
