package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.descry.e2e.Report.Group;
import io.descry.e2e.Report.Numbered;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every way in which Java comes to hold a descriptor, held and closed, against what the agent says
 * of it.
 */
class WaysTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.descry.e2e.Jdks#all")
  void everyWayIsExactWhileOpenAndGoneWhenClosed(Jdks.Jdk jdk) throws Exception {
    DescryJvm jvm = new DescryJvm(jdk, "ways").option("stacks", "all");
    try (RunningJvm running =
        jvm.launch(
                "-cp",
                System.getProperty("descry.test.classes"),
                "io.descry.lab.ways.Ways",
                jvm.directory().resolve("work").toString())
            .start()) {
      running.hear("ready");
      running.awaitSettled();
      running.say("go");
      running.hear("open");
      ProcFd kernel = running.descriptors();
      Report open = running.dump("open");
      List<JsonNode> ways = truths(running);
      running.say("close");
      running.hear("closed");
      Report closed = running.dump("closed");
      running.say("end");
      assertThat(running.await()).isZero();

      Map<String, List<String>> wrong = new TreeMap<>();
      for (JsonNode way : ways) {
        List<String> faults = new ArrayList<>(faultsWhileOpen(way, open));
        faults.addAll(faultsWhenClosed(way, closed));
        if (!faults.isEmpty()) {
          wrong.put(way.path("way").asText(), faults);
        }
      }
      System.out.printf("%s: %d of %d ways exact%n", jdk, ways.size() - wrong.size(), ways.size());
      wrong.forEach(
          (way, faults) -> faults.forEach(fault -> System.out.println("  " + way + ": " + fault)));
      assertThat(ways).hasSizeGreaterThan(100);
      assertThat(wrong).isEmpty();
      assertThat(traces(open)).isEmpty();
      assertThat(traces(closed)).isEmpty();
      assertThat(strangers(ways, closed)).isEmpty();
      everyNumberOnce(open, kernel);
      everyNumberOnce(closed, null);
      assertThat(open.findings()).filteredOn(finding -> !ofCollector(finding, ways)).isEmpty();
      assertThat(closed.findings()).filteredOn(finding -> !ofCollector(finding, ways)).isEmpty();
    }
  }

  private static List<JsonNode> truths(RunningJvm running) throws JsonProcessingException {
    List<JsonNode> truths = new ArrayList<>();
    for (String line : running.out()) {
      if (line.startsWith("{")) {
        truths.add(MAPPER.readTree(line));
      }
    }
    return truths;
  }

  private static List<String> faultsWhileOpen(JsonNode way, Report report) {
    List<String> faults = new ArrayList<>();
    Set<String> met = new HashSet<>();
    boolean onlyJava = way.path("owners").size() == 1;
    for (JsonNode truth : way.path("descriptors")) {
      int number = truth.path("fd").asInt();
      List<Group> holding = report.holding(number);
      if (holding.size() != 1) {
        faults.add("number " + number + " is in " + holding.size() + " groups");
        continue;
      }
      Group group = holding.get(0);
      if (!texts(way.path("owners")).contains(group.owner())) {
        faults.add("number " + number + " (" + truth + ") is owned by " + group.owner());
        continue;
      }
      Numbered numbered =
          group.descriptors().stream().filter(d -> d.fd() == number).findFirst().orElseThrow();
      String kind = truth.path("kind").asText();
      if (!numbered.kind().equals(kind) || !group.kind().equals(kind)) {
        faults.add("number " + number + " is a " + kind + " but called " + numbered.kind());
      }
      if (!group.owner().equals("java")) {
        continue;
      }
      if (onlyJava) {
        List<String> frames = texts(way.path("frames")).stream().filter(group::siteHas).toList();
        met.addAll(frames);
        if (frames.isEmpty()) {
          faults.add("number " + number + " (" + kind + ") has another site: " + group.site());
        }
      }
      Instant from = Instant.parse(way.path("from").asText()).minusMillis(50);
      Instant to = Instant.parse(way.path("to").asText()).plusMillis(50);
      if (numbered.opened() == null
          || numbered.opened().isBefore(from)
          || numbered.opened().isAfter(to)) {
        faults.add(
            "number " + number + " opened " + numbered.opened() + ", not " + from + " to " + to);
      }
      if (onlyJava
          && texts(way.path("threads")).stream().noneMatch(numbered.thread()::startsWith)) {
        faults.add("number " + number + " opened by thread " + numbered.thread());
      }
    }
    if (onlyJava && faults.isEmpty() && !met.containsAll(texts(way.path("frames")))) {
      faults.add("no descriptor has all of the frames " + way.path("frames") + ", only " + met);
    }
    return faults;
  }

  /** The numbers may be in use again by then: what must be gone is the way's name. */
  private static List<String> faultsWhenClosed(JsonNode way, Report report) {
    String own = way.path("frames").path(0).asText();
    return report.groups().stream()
        .filter(group -> group.siteHas(own))
        .map(group -> "still there when closed: " + group)
        .toList();
  }

  private static List<Group> traces(Report report) {
    return report.groups().stream().filter(group -> group.siteHas("TracelessWays.")).toList();
  }

  /**
   * What the ways opened, except for good on their first use, is not left to anybody else either.
   */
  private static List<Group> strangers(List<JsonNode> ways, Report closed) {
    Set<String> targets = new HashSet<>();
    ways.forEach(
        way -> way.path("descriptors").forEach(d -> targets.add(d.path("target").asText())));
    return closed.groups().stream()
        .filter(
            group ->
                group.descriptors().stream()
                    .anyMatch(d -> d.target().contains(":[") && targets.contains(d.target())))
        .filter(
            group ->
                group.descriptors().stream().noneMatch(d -> d.target().startsWith("anon_inode:")))
        .toList();
  }

  /** All that the kernel lists and the report does not is Descry's own, and that is little. */
  private static void everyNumberOnce(Report report, ProcFd kernel) {
    List<Integer> listed =
        report.groups().stream()
            .flatMap(group -> group.descriptors().stream())
            .map(Numbered::fd)
            .toList();
    assertThat(listed).doesNotHaveDuplicates();
    assertThat(report.open()).isEqualTo(listed.size());
    assertThat(report.groups())
        .allSatisfy(group -> assertThat(group.count()).isEqualTo(group.descriptors().size()));
    if (kernel == null) {
      return;
    }
    Map<Integer, String> own = new TreeMap<>(kernel.targets());
    own.keySet().removeAll(listed);
    System.out.println("  Descry's own: " + own);
    assertThat(own).hasSizeLessThanOrEqualTo(8);
    assertThat(own.values())
        .allMatch(
            target ->
                target.matches(
                    "/proc/\\d+/.*|/dev/null|.*/descry\\.jar|socket:.*|.*/libjnidispatch\\.so.*"));
  }

  private static boolean ofCollector(Report.Finding finding, List<JsonNode> ways) {
    return ways.stream()
        .filter(way -> way.path("collected").asBoolean())
        .anyMatch(way -> finding.group().siteHas("." + way.path("way").asText() + "("));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(node -> texts.add(node.asText()));
    return texts;
  }
}
