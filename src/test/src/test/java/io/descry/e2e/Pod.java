package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pod, its containers run one by one with what the pod says of them, as a kubelet does. A field
 * that is not understood here fails, so that none stands on a page without being tried.
 *
 * @param spec of the pod
 * @param volumes directory of what it mounts
 */
record Pod(JsonNode spec, Desk desk, Path volumes) {
  private static final Set<String> UNDERSTOOD =
      Set.of(
          "name",
          "image",
          "command",
          "env",
          "ports",
          "readinessProbe",
          "livenessProbe",
          "restartPolicy",
          "securityContext",
          "volumeMounts");

  /** Makes what the pod mounts, as the kubelet makes it: open to all, of the pod's group. */
  void makeVolumes() throws IOException, InterruptedException {
    for (JsonNode volume : spec.path("volumes")) {
      assertThat(names(volume)).containsExactlyInAnyOrder("name", "emptyDir");
      Path directory = Files.createDirectories(volumes.resolve(volume.path("name").asText()));
      desk.run(
          "chgrp %d '%s' && chmod 2777 '%s'"
              .formatted(context().path("fsGroup").asInt(-1), directory, directory));
    }
  }

  private JsonNode context() {
    return spec.path("securityContext");
  }

  /** Runs a container; returns when it has ended, or, with {@code detached}, when it runs. */
  void run(JsonNode container, boolean detached, Map<String, String> secrets)
      throws IOException, InterruptedException {
    assertThat(UNDERSTOOD).containsAll(names(container));
    List<String> words = new ArrayList<>(List.of("docker", "run"));
    if (detached) {
      words.add("--detach");
    }
    words.addAll(List.of("--name", container.path("name").asText()));
    words.addAll(security(container.path("securityContext")));
    environment(container.path("env"), secrets)
        .forEach((name, value) -> words.addAll(List.of("--env", name + "=" + value)));
    for (JsonNode mount : container.path("volumeMounts")) {
      Path volume = volumes.resolve(mount.path("name").asText());
      assertThat(volume).isDirectory();
      words.add("--volume");
      words.add(
          volume
              + ":"
              + mount.path("mountPath").asText()
              + (mount.path("readOnly").asBoolean() ? ":ro" : ""));
    }
    List<String> command = new ArrayList<>();
    container.path("command").forEach(word -> command.add(word.asText()));
    if (!command.isEmpty()) {
      words.addAll(List.of("--entrypoint", command.remove(0)));
    }
    words.add(container.path("image").asText());
    words.addAll(command);
    desk.run(quoted(words));
  }

  private List<String> security(JsonNode container) {
    assertThat(names(context()))
        .containsExactlyInAnyOrder(
            "runAsNonRoot", "runAsUser", "runAsGroup", "fsGroup", "seccompProfile");
    // The engine's default, which is the runtime's.
    assertThat(context().at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
    assertThat(context().path("runAsUser").asInt()).isPositive();
    List<String> words = new ArrayList<>();
    words.addAll(
        List.of(
            "--user",
            context().path("runAsUser").asText() + ":" + context().path("runAsGroup").asText(),
            "--group-add",
            context().path("fsGroup").asText()));
    for (String name : names(container)) {
      switch (name) {
        case "allowPrivilegeEscalation" ->
            words.addAll(
                container.path(name).asBoolean()
                    ? List.of()
                    : List.of("--security-opt", "no-new-privileges"));
        case "readOnlyRootFilesystem" ->
            words.addAll(container.path(name).asBoolean() ? List.of("--read-only") : List.of());
        case "capabilities" ->
            container
                .path(name)
                .path("drop")
                .forEach(one -> words.addAll(List.of("--cap-drop", one.asText())));
        default -> throw new AssertionError("what is " + name + "?");
      }
    }
    return words;
  }

  private static Map<String, String> environment(JsonNode variables, Map<String, String> secrets) {
    Map<String, String> all = new LinkedHashMap<>();
    for (JsonNode variable : variables) {
      JsonNode from = variable.path("valueFrom");
      String value = variable.path("value").asText();
      if (from.has("fieldRef")) {
        assertThat(from.at("/fieldRef/fieldPath").asText()).isEqualTo("metadata.name");
        value = "orders-6d4cf56db6-x7k2p";
      } else if (from.has("secretKeyRef")) {
        value =
            secrets.get(
                from.at("/secretKeyRef/name").asText()
                    + "/"
                    + from.at("/secretKeyRef/key").asText());
        assertThat(value).isNotNull();
      }
      all.put(variable.path("name").asText(), expanded(value, all));
    }
    return all;
  }

  /** {@code $(NAME)} of variables that stand above. */
  private static String expanded(String value, Map<String, String> above) {
    return Pattern.compile("\\$\\((\\w+)\\)")
        .matcher(value)
        .replaceAll(
            found -> Matcher.quoteReplacement(above.getOrDefault(found.group(1), found.group())));
  }

  /** The number of a port by its name, as probes and monitors look it up. */
  static int port(JsonNode container, String name) {
    for (JsonNode port : container.path("ports")) {
      if (port.path("name").asText().equals(name)) {
        return port.path("containerPort").asInt();
      }
    }
    throw new AssertionError("no port is called " + name);
  }

  private static String quoted(List<String> words) {
    StringBuilder line = new StringBuilder();
    words.forEach(word -> line.append('\'').append(word.replace("'", "'\\''")).append("' "));
    return line.toString();
  }

  private static Set<String> names(JsonNode node) {
    Set<String> names = new TreeSet<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
