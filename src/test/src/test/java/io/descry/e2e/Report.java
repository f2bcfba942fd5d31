package io.descry.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A report in JSON, as an outside program reads it. */
record Report(JsonNode json) {
  static Report read(Path file) {
    try {
      return new Report(new ObjectMapper().readTree(file.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One that a command printed. */
  static Report parse(String text) {
    try {
      return new Report(new ObjectMapper().readTree(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String reason() {
    return json.at("/descry/reason").asText();
  }

  int open() {
    return json.at("/descriptors/open").asInt(-1);
  }

  List<Finding> findings() {
    return list(
        json.path("findings"),
        node ->
            new Finding(
                node.path("rule").asText(),
                node.path("confidence").asText(),
                node.path("hazard").asBoolean(),
                node.path("count").asInt(),
                list(node.path("evidence"), one -> one.path("text").asText()),
                group(node)));
  }

  List<Group> groups() {
    return list(json.path("groups"), Report::group);
  }

  List<String> blind() {
    return list(
        json.path("blind"), node -> node.path("what").asText() + ": " + node.path("why").asText());
  }

  /** The groups that list this number: exactly one, if the report is right. */
  List<Group> holding(int number) {
    return groups().stream()
        .filter(group -> group.descriptors().stream().anyMatch(d -> d.fd() == number))
        .toList();
  }

  private static Group group(JsonNode node) {
    return new Group(
        node.path("owner").asText(),
        node.path("library").path("name").asText(""),
        node.path("kind").asText(),
        node.path("count").asInt(),
        list(node.at("/site/java"), JsonNode::asText),
        list(node.at("/site/native"), JsonNode::asText),
        list(
            node.path("descriptors"),
            d ->
                new Numbered(
                    d.path("fd").asInt(-1),
                    d.path("target").asText(),
                    d.path("kind").asText(),
                    d.path("opened").isTextual() ? Instant.parse(d.path("opened").asText()) : null,
                    d.path("thread").asText(""))));
  }

  private static <T> List<T> list(JsonNode array, Function<JsonNode, T> each) {
    List<T> all = new ArrayList<>();
    array.forEach(node -> all.add(each.apply(node)));
    return all;
  }

  /** What a finding is about, or a group. */
  record Group(
      String owner,
      String library,
      String kind,
      int count,
      List<String> site,
      List<String> natives,
      List<Numbered> descriptors) {
    boolean siteHas(String frame) {
      return site.stream().anyMatch(line -> line.contains(frame));
    }
  }

  /** One finding. */
  record Finding(
      String rule,
      String confidence,
      boolean hazard,
      int count,
      List<String> evidence,
      Group group) {}

  /** One descriptor. */
  record Numbered(int fd, String target, String kind, Instant opened, String thread) {}
}
