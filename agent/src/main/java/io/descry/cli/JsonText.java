package io.descry.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;

/** What commands print for programs. */
final class JsonText {
  /** Writes the fields of one object. */
  interface Fields<T> {
    void write(JsonGenerator json, T one) throws IOException;
  }

  private JsonText() {}

  /** An array of objects, without a line end behind it. */
  static <T> String array(Iterable<T> all, Fields<T> fields) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartArray();
      for (T one : all) {
        json.writeStartObject();
        fields.write(json, one);
        json.writeEndObject();
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot be written to", e);
    }
    return text.toString();
  }
}
