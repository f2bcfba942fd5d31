package io.descry.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.descry.detect.Confidence;
import io.descry.detect.Evidence;
import io.descry.detect.Finding;
import io.descry.detect.Verdict;
import io.descry.os.Blind;
import io.descry.os.Kind;
import io.descry.os.Limits;
import io.descry.reconcile.GarbageCollections;
import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Library;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Reconciliation;
import io.descry.reconcile.Site;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
  private static final String HOSTILE =
      "</script></style></title><img src=x onerror=alert(1)>\" onload='x' `&amp;"
          + "\u202egpj.exe\u0000\u001b[2J\ud800\n<!--";
  private static final String HARMLESS =
      "&lt;/script&gt;&lt;/style&gt;&lt;/title&gt;&lt;img src=x onerror=alert(1)&gt;&quot;"
          + " onload=&#39;x&#39; `&amp;amp;\\u202egpj.exe\\u0000\\u001b[2J\\ud800\\n&lt;!--";

  private final HtmlReport report = new HtmlReport();

  @Test
  void saysFirstWhatIsWrongHowLongThereIsAndWhatToDo() throws IOException {
    String html = html(course(Sample.troubled()));

    String verdict = words(between(html, "<section id=\"verdict\"", "</section>"));
    assertThat(verdict)
        .containsSubsequence(
            "LEAK",
            "2 places hold 622 of the 678 open descriptors (66 % of the limit of 1,024).",
            "678 open of 1,024",
            "+17.4 a minute",
            "6 min until the limit, at 2026-11-23 03:20:36 UTC",
            "5 findings: 1 certain, 1 probable, 1 suspect, 1 forgotten, 1 hazard",
            "certain 412 × file com.acme.orders.Archive.append(Archive.java:88)",
            "What to do first",
            "Close the FileChannel that Archive.append opens");
    assertThat(html).contains("<title>LEAK - OrderService (4711)</title>");
  }

  @Test
  void givesEachFindingACardWithItsStackInOne() throws IOException {
    String html = html(Sample.troubled());

    String card = words(between(html, "id=\"growth-1\"", "</article>"));
    assertThat(card)
        .containsSubsequence(
            "210 × eventpoll, opened by netty-transport-native-epoll 4.2.20.Final",
            "Opened by netty-transport-native-epoll 4.2.20.Final (/tmp/libnetty",
            "First seen 2026-11-23 02:55:05, 19 min ago",
            "What to do",
            "libnetty_transport_native_epoll_x86_64.so! netty_epoll_native_epollCreate +0x2c",
            "called by Java through JNI",
            "app//com.acme.orders. Notifier.notify (Notifier.java:52)",
            "Evidence",
            "ls -l /proc/4711/fd | grep -c eventpoll",
            "the oldest 20 of 210");
    assertThat(html.split("<article")).hasSize(1 + 5);
    assertThat(html).contains("<li class=\"opener\"><code><span class=\"q\">app//com.acme");
  }

  @Test
  void listsEveryGroupAndLinksItsFinding() throws IOException {
    String groups = between(html(Sample.troubled()), "<section id=\"groups\"", "</section>");

    assertThat(groups.split("<tr data-count=")).hasSize(1 + 6);
    assertThat(groups)
        .contains("<a href=\"#owner-unreachable-1\">owner-unreachable-1</a>")
        .containsSubsequence("data-count=\"412\"", "data-count=\"210\"", "data-count=\"3\"");
  }

  @Test
  void drawsTheCourseTheLimitAndTheForecast() throws IOException {
    String html = html(course(Sample.troubled()));

    String timeline = between(html, "<section id=\"timeline\"", "</section>");
    assertThat(timeline)
        .contains("class=\"area o-java\"", "class=\"area o-library\"", "class=\"limit\"")
        .contains("class=\"forecast\"", "limit in 6 min", "limit 1,024")
        .containsPattern("<desc id=\"chart-life-text\">From 2026-11-23 02:02:35 to .*678 at last")
        .doesNotContain("NaN", "Infinity", "?");
    assertThat(timeline.split("<tr>")).as("the same as a table").hasSizeGreaterThan(20);
  }

  @Test
  void offersTheLastHourAndDayOfALongLife() throws IOException {
    List<Timeline.Point> month = points(2000, Duration.ofMinutes(22), 1024);

    String html = html(with(Sample.troubled(), month));

    assertThat(html).contains("id=\"range-life\" checked/", "id=\"range-hour\"/", "chart-day");
    assertThat(html(course(Sample.healthy()))).doesNotContain("id=\"range-life\"");
  }

  @Test
  void namesALimitThatIsFarAboveAndShowsOneThatWasRaised() throws IOException {
    assertThat(html(with(Sample.troubled(), points(50, Duration.ofMinutes(1), 1_048_576))))
        .contains("limit 1,048,576, far above")
        .doesNotContain("class=\"limit\"");
    List<Timeline.Point> unlimited = points(50, Duration.ofMinutes(1), Long.MAX_VALUE);
    assertThat(html(with(Sample.troubled(), unlimited))).doesNotContain("class=\"limit\"");
  }

  @Test
  void advisesOnTheLeakFirstThoughForgottenOnesAreSurer() throws IOException {
    List<Finding> surestFirst = new ArrayList<>(List.of(Sample.collected()));
    surestFirst.addAll(Sample.troubled().verdict().findings().subList(1, 2));
    Verdict verdict = new Verdict(surestFirst, 0, null);

    String html = html(Sample.data("demand", Sample.troubledGroups(), verdict, List.of()));

    assertThat(between(html, "<div class=\"first\"", "</div>"))
        .contains("Share one EventLoopGroup")
        .doesNotContain("Export.read");
  }

  @Test
  void saysSoWhenThereIsNothing() throws IOException {
    String html = html(Sample.healthy());

    assertThat(words(html))
        .contains("NO LEAK FOUND", "With a single scan there is no course", "None known.")
        .contains("0 findings");
    assertThat(html).contains("class=\"verdict clean\"").doesNotContain("<article", "NaN");
    assertThat(html(Sample.data("demand", List.of(), Verdict.NONE, List.of())))
        .contains("NO LEAK FOUND");
  }

  @Test
  void lettersOfOthersStayLetters() throws IOException {
    String html = html(hostile());

    assertThat(html)
        .doesNotContain("<img", "onerror=alert(1)>", "\u202e", "\u0000", "\u001b", "\ufffd")
        .doesNotContain("alert(1)'", " onload='");
    assertThat(html.split(Pattern.quote(HARMLESS), -1))
        .as("target, thread, call, meaning, library, frames, evidence, check, advice, blind, facts")
        .hasSizeGreaterThan(15);
    assertThat(html.split("<script")).as("the course and the page's own").hasSize(1 + 2);
    assertThat(html.split("</script>")).hasSize(1 + 2);
    assertThat(html.split("</style>")).hasSize(1 + 1);
  }

  @Test
  void allowsNothingButItsOwnStyleAndScript() throws Exception {
    String html = html(course(Sample.troubled()));

    Matcher policy =
        Pattern.compile("<meta http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\"/>")
            .matcher(html);
    assertThat(policy.find()).isTrue();
    assertThat(html.indexOf("Content-Security-Policy")).isLessThan(html.indexOf("<title"));
    assertThat(policy.group(1).replace("&#39;", "'"))
        .isEqualTo(
            "default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'"
                .formatted(hash(html, "style"), hash(html, "script")));
    String markup =
        html.replaceAll("(?s)<script>.*?</script>", "").replaceAll("(?s)<style>.*?</style>", "");
    assertThat(markup).doesNotContain(" style=", " src=", "http://", "https://", "javascript:");
    assertThat(markup).doesNotContainPattern("<[^>]* on[a-z]+=");
    assertThat(html).doesNotContain("innerHTML", "eval(", "insertAdjacentHTML", "@@");
  }

  @Test
  void isWellFormed() throws IOException {
    for (ReportData data : List.of(course(Sample.troubled()), Sample.healthy(), hostile())) {
      List<String> open = new ArrayList<>();
      String html = html(data).replaceAll("(?s)(<(script|style)[^>]*>).*?</\\2>", "");
      Matcher tags = Pattern.compile("<(/?)([a-z][a-z0-9]*)([^>]*)>").matcher(html);
      while (tags.find()) {
        if (!tags.group(1).isEmpty()) {
          assertThat(open.remove(open.size() - 1)).isEqualTo(tags.group(2));
        } else if (!tags.group(3).endsWith("/") && !tags.group(2).equals("meta")) {
          open.add(tags.group(2));
        }
      }
      assertThat(open).isEmpty();
    }
  }

  @Test
  void givesUpWhenTheStreamDoes() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            throw new IOException("No space left on device");
          }
        };

    assertThatIOException()
        .isThrownBy(() -> report.write(course(Sample.troubled()), full))
        .withMessage("No space left on device");
  }

  /** Somebody chose every text that comes from outside with care. */
  private static ReportData hostile() {
    GroupKey key =
        new GroupKey(
            Owner.LIBRARY,
            new Library(HOSTILE, HOSTILE, HOSTILE),
            Kind.FILE,
            new Site(List.of(HOSTILE, "a.b.C.d(" + HOSTILE + ")"), List.of("lib!" + HOSTILE)));
    Group group = new Group(key, List.of(Sample.owned(key, 5, HOSTILE, HOSTILE)));
    Finding finding =
        new Finding(
            "growth-1",
            HOSTILE,
            Confidence.PROBABLE,
            false,
            key,
            1,
            group.descriptors(),
            List.of(new Evidence("growth", HOSTILE, HOSTILE)),
            Sample.STARTED,
            1,
            null,
            List.of(HOSTILE, "Run `" + HOSTILE + "` and `x`."));
    ReportData data =
        Sample.data(
            "demand",
            List.of(group),
            new Verdict(List.of(finding), 0, null),
            List.of(new Blind(HOSTILE, Sample.STARTED, HOSTILE)));
    ReportData all =
        new ReportData(
            HOSTILE,
            data.started(),
            data.written(),
            HOSTILE,
            new ProcessFacts(1, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),
            data.reconciliation(),
            data.verdict(),
            data.blind(),
            2,
            true);
    return with(all, points(20, Duration.ofMinutes(1), 1024));
  }

  /** The same with a life behind it that leads to where it is. */
  static ReportData course(ReportData data) {
    return with(data, points(144, Duration.ofSeconds(30), 1024));
  }

  private static ReportData with(ReportData data, List<Timeline.Point> history) {
    return new ReportData(
        data.version(),
        data.started(),
        data.written(),
        data.reason(),
        data.process(),
        data.reconciliation(),
        data.verdict(),
        data.blind(),
        data.scans(),
        data.allDescriptors(),
        history,
        List.of());
  }

  private static List<Timeline.Point> points(int scans, Duration interval, long limit) {
    Timeline timeline = new Timeline();
    for (int scan = 1; scan <= scans; scan++) {
      List<Group> groups = new ArrayList<>();
      for (Group group : Sample.troubledGroups()) {
        boolean leaks = group.descriptors().size() > 12;
        int count = group.descriptors().size();
        int noise = leaks ? scan * 7 % 11 * (scan < scans ? 1 : 0) : 0;
        int open = leaks ? Math.min(count, count * scan / scans + noise) : count;
        groups.add(
            new Group(
                group.key(),
                new ArrayList<>(Collections.nCopies(open, group.descriptors().get(0)))));
      }
      Instant at = Sample.WRITTEN.minus(interval.multipliedBy(scans - scan));
      timeline.add(
          new Reconciliation(
              scan,
              at,
              new Limits(limit, limit),
              groups,
              List.of(),
              List.of(),
              List.of(),
              GarbageCollections.NONE));
    }
    return timeline.points();
  }

  private String html(ReportData data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    report.write(data, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static String hash(String html, String element) throws Exception {
    String content = between(html, "<" + element + ">", "</" + element + ">");
    byte[] bytes = content.substring(element.length() + 2).getBytes(StandardCharsets.UTF_8);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
    return "sha256-" + Base64.getEncoder().encodeToString(digest);
  }

  private static String words(String html) {
    return html.replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ");
  }

  private static String between(String text, String from, String to) {
    int start = text.indexOf(from);
    assertThat(start).as(from).isNotNegative();
    int end = text.indexOf(to, start);
    assertThat(end).as(to).isNotNegative();
    return text.substring(start, end);
  }
}
