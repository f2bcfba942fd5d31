package io.descry.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.descry.detect.Verdict;
import io.descry.os.Kind;
import io.descry.os.Limits;
import io.descry.reconcile.GarbageCollections;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Reconciliation;
import io.descry.reconcile.Site;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JsonReportTest {

  @Test
  void writesTheContractInItsOrder() throws IOException {
    JsonNode json = parse(Sample.troubled());

    assertThat(names(json))
        .containsExactly(
            "descry",
            "process",
            "descriptors",
            "findings",
            "resolved",
            "groups",
            "blind",
            "actions");
    assertThat(names(json.get("descry")))
        .containsExactly("version", "schema", "started", "written", "reason", "scans");
    assertThat(names(json.get("process")))
        .containsExactly(
            "pid", "command", "java", "vm", "os", "kernel", "container", "limitSoft", "limitHard");
    assertThat(names(json.get("findings").get(0)))
        .containsExactly(
            "id",
            "rule",
            "confidence",
            "hazard",
            "owner",
            "library",
            "kind",
            "count",
            "site",
            "descriptors",
            "evidence",
            "firstSeen",
            "ratePerMinute",
            "exhaustion",
            "advice");
    assertThat(names(json.at("/findings/0/descriptors/0")))
        .containsExactly(
            "fd", "target", "kind", "opened", "thread", "call", "meaning", "exact", "socket");
    assertThat(names(json.at("/findings/0/evidence/0"))).containsExactly("type", "text", "check");
    assertThat(names(json.at("/findings/1/library")))
        .containsExactly("name", "version", "path", "buildId");
    assertThat(names(json.at("/findings/1/site"))).containsExactly("java", "native");
    assertThat(names(json.at("/groups/0")))
        .containsExactly("owner", "library", "kind", "count", "site");
    assertThat(names(json.at("/blind/0"))).containsExactly("what", "since", "why");
    assertThat(json.at("/descry/schema").asInt()).isEqualTo(1);
    assertThat(Instant.parse(json.at("/descry/written").asText())).isEqualTo(Sample.WRITTEN);
    assertThat(json.at("/findings/0/exhaustion").asText()).isEqualTo("2026-11-23T03:29:46.250Z");
    assertThat(json.at("/findings/0/library").isNull()).isTrue();
    assertThat(json.at("/findings/0/confidence").asText()).isEqualTo("certain");
  }

  @Test
  void countsEveryDescriptorOnce() throws IOException {
    JsonNode descriptors = parse(Sample.troubled()).get("descriptors");

    assertThat(descriptors.toString())
        .isEqualTo(
            "{\"open\":678,\"byOwner\":{\"java\":453,\"library\":210,\"jvm\":12,\"inherited\":3},"
                + "\"byKind\":{\"file\":424,\"socket.tcp\":41,\"pipe\":3,\"eventpoll\":210},"
                + "\"growthPerMinute\":17.4,\"exhaustion\":\"2026-11-23T03:20:36.250Z\"}");
  }

  @Test
  void saysNullForWhatIsUnknown() throws IOException {
    JsonNode json = parse(Sample.troubled());

    assertThat(json.at("/findings/2/rule").asText()).isEqualTo("peer-gone");
    assertThat(json.at("/findings/2/ratePerMinute").isNull()).isTrue();
    assertThat(json.at("/findings/2/exhaustion").isNull()).isTrue();
    Reconciliation unlimited =
        new Reconciliation(
            1,
            Sample.WRITTEN,
            new Limits(Limits.UNKNOWN, Long.MAX_VALUE),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            GarbageCollections.NONE);
    JsonNode process =
        parse(
                new ReportData(
                    "0.1.0",
                    Sample.STARTED,
                    Sample.WRITTEN,
                    "demand",
                    new ProcessFacts(1, "a", "17", "vm", "os", "6", null),
                    unlimited,
                    Verdict.NONE,
                    List.of(),
                    1,
                    false))
            .get("process");
    assertThat(process.get("container").isNull()).isTrue();
    assertThat(process.get("limitSoft").isNull()).isTrue();
    assertThat(process.get("limitHard").asLong()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void listsTheOldestThousandOfAFinding() throws IOException {
    GroupKey key = new GroupKey(Owner.FOREIGN, null, Kind.PIPE, Site.UNKNOWN);
    List<OwnedDescriptor> many =
        IntStream.range(0, 1500)
            .mapToObj(i -> Sample.owned(key, i, "pipe:[" + i + "]", null))
            .toList();

    JsonNode finding = parse(Sample.finding(key, many)).at("/findings/0");

    assertThat(finding.get("count").asInt()).isEqualTo(1500);
    assertThat(finding.get("descriptors")).hasSize(1000);
    assertThat(finding.at("/descriptors/0/fd").asInt()).isZero();
    assertThat(finding.at("/descriptors/999/fd").asInt()).isEqualTo(999);
  }

  @Test
  void listsTheDescriptorsOfAllGroupsWhenAsked() throws IOException {
    ReportData some = Sample.healthy();
    ReportData all =
        new ReportData(
            some.version(),
            some.started(),
            some.written(),
            some.reason(),
            some.process(),
            some.reconciliation(),
            some.verdict(),
            some.blind(),
            some.scans(),
            true);

    int listed = 0;
    for (JsonNode group : parse(all).get("groups")) {
      assertThat(group.get("descriptors")).hasSize(group.get("count").asInt());
      listed += group.get("descriptors").size();
    }
    assertThat(listed).isEqualTo(25);
  }

  @Test
  void tellsWhatDescryDid() throws IOException {
    JsonNode actions = parse(Sample.afterARaise()).get("actions");
    assertThat(actions).hasSize(1);
    assertThat(actions.get(0).get("at").asText()).isEqualTo("2026-11-23T03:14:05.250Z");
    assertThat(actions.get(0).get("action").asText()).isEqualTo("raise");
    assertThat(actions.get(0).get("text").asText()).isEqualTo("the limit was raised\u202e");
  }

  @Test
  void keepsHostileTextAndHidesNothingInIt() throws IOException {
    String target = "/tmp/\"a\"\n\u001b[2J\u202egpj.\u2028\u00e9\u00a0\ud83d\ude00\u007f";
    String thread = "lone \ud800 half";
    GroupKey key = Sample.FILES;
    ReportData data = Sample.finding(key, List.of(Sample.owned(key, 7, target, thread)));

    String written = write(data);
    JsonNode descriptor = new ObjectMapper().readTree(written).at("/findings/0/descriptors/0");

    assertThat(descriptor.get("target").asText()).isEqualTo(target);
    assertThat(descriptor.get("thread").asText()).isEqualTo("lone ? half");
    assertThat(written.codePoints().filter(c -> c != '\n').noneMatch(VisibleText::isHidden))
        .isTrue();
    assertThat(written).contains("\u00e9");
  }

  @Test
  void cutsWhatHasNoEnd() throws IOException {
    GroupKey key = Sample.FILES;
    String endless = "x".repeat(1_000_000);

    String written = write(Sample.finding(key, List.of(Sample.owned(key, 7, "/a", endless))));

    assertThat(written).hasSizeLessThan(20_000);
  }

  @Test
  void leavesTheStreamOpen() throws IOException {
    boolean[] closed = new boolean[1];
    ByteArrayOutputStream out =
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            closed[0] = true;
          }
        };

    new JsonReport().write(Sample.healthy(), out);

    assertThat(closed[0]).isFalse();
    assertThat(out.size()).isPositive();
  }

  static List<String> names(JsonNode object) {
    List<String> names = new java.util.ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static JsonNode parse(ReportData data) throws IOException {
    return new ObjectMapper().readTree(write(data));
  }

  private static String write(ReportData data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new JsonReport().write(data, out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
