package io.descry.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.detect.Verdict;
import io.descry.os.Blind;
import io.descry.os.Kind;
import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Site;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TextReportTest {
  private final TextReport report = new TextReport();

  @Test
  void saysTheVerdictFirst() {
    String text = report.render(Sample.troubled());
    System.out.println(text);

    String opening = oneLine(text.substring(0, text.indexOf("Leaks\n")));
    assertThat(opening)
        .contains(
            "LEAK: 2 places hold 622 of the 678 open descriptors (66 % of the limit of 1,024).",
            "1 more place suspected.",
            "The garbage collector closed 1,234 that the application forgot.",
            "Also 1 hazard.",
            "grows by 17.4 a minute; the limit is reached at 2026-11-23 03:20:36 (in 6 min)",
            "1. certain 412 x file com.acme.orders.Archive.append(Archive.java:88)");
  }

  @Test
  void givesEachFindingWhatOneActsOn() {
    String text = report.render(Sample.troubled());

    String first = between(text, "1. CERTAIN", "2. PROBABLE");
    assertThat(oneLine(first))
        .contains(
            "nothing in the program can close them any more",
            "Opened by com.acme.orders.Archive.append(Archive.java:88)",
            "First seen 2026-11-23 02:13:05, 1 h 1 min ago",
            "+7.2 a minute; alone it reaches the limit at 2026-11-23 03:29:46 (in 15 min)",
            "$ ls -l /proc/4711/fd/20",
            "the oldest 3 of 412",
            "fd 20 /var/lib/orders/archive-2026-11-20.log",
            "1. Close the FileChannel");
    assertThat(first)
        .contains("\n     > com.acme.orders.Archive.append(Archive.java:88)\n")
        .contains("... 3 frames not shown");
    String second = between(text, "2. PROBABLE", "3. SUSPECT");
    assertThat(oneLine(second))
        .contains(
            "netty-transport-native-epoll 4.2.20.Final",
            "called from com.acme.orders.Notifier.notify(Notifier.java:52)",
            "> app//com.acme.orders.Notifier.notify(Notifier.java:52)",
            "libjvm.so!JavaCalls::call_helper+0x2f3");
  }

  @Test
  void keepsHazardsApartFromLeaks() {
    String text = report.render(Sample.troubled());

    String leaks = between(text, "\nLeaks\n", "\nForgotten, and closed");
    String hazards = between(text, "\nHazards:", "\nOpen descriptors by");
    assertThat(leaks).contains("growth-1").doesNotContain("closed-behind-owner-1");
    assertThat(hazards).contains("closed-behind-owner-1").doesNotContain("growth-1", "Rate");
  }

  @Test
  void claimsNoLeakForForgottenOnesAndHazards() {
    ReportData forgotten = with(new Verdict(List.of(Sample.collected()), 0, null));
    ReportData hazard = with(new Verdict(List.of(Sample.hazard()), 0, null));

    assertThat(report.render(forgotten))
        .contains("FORGOTTEN DESCRIPTORS: ", "1,234 x file so far")
        .doesNotContain("LEAK", "hold");
    assertThat(report.render(hazard)).contains("HAZARD, NO LEAK FOUND: ");
  }

  @Test
  void sumsUpByKindAndOwner() {
    assertThat(report.render(Sample.troubled()).lines())
        .contains(
            "                   java    library        jvm  inherited      total",
            "file                412          .         12          .        424",
            "total               453        210         12          3        678");
  }

  @Test
  void isShortWhenThereIsNothingToSay() {
    String text = report.render(Sample.healthy());

    assertThat(text)
        .contains(
            "NO LEAK FOUND: 25 open descriptors (2 % of the limit of 1,024).",
            "Watched for 1 h 12 min, in 144 scans",
            "Blind spots: none known.",
            "Limits: soft 1,024, hard 4,096")
        .doesNotContain("Where the most");
    assertThat(text.lines()).hasSizeLessThan(25);
  }

  @Test
  void saysWhatItIsBlindTo() {
    Blind blind = new Blind("socket states", Sample.STARTED, "sock_diag is not\npermitted");
    ReportData data = Sample.data("demand", List.of(), Verdict.NONE, List.of(blind));

    assertThat(report.render(data))
        .contains("  - socket states, since 2026-11-23 02:02:05: sock_diag is not\\npermitted");
  }

  @Test
  void namesTheLargestGroupsNearTheLimitThoughNothingLeaks() {
    GroupKey key = Sample.CONNECTIONS;
    Group pool =
        new Group(
            key, IntStream.range(0, 1000).mapToObj(i -> Sample.owned(key, i, "s", null)).toList());

    String text = report.render(Sample.data("exhaustion", List.of(pool), Verdict.NONE, List.of()));

    assertThat(text)
        .contains("Few are left before the limit", "because the limit was reached")
        .contains("1,000 x socket.tcp   org.postgresql.core.PGStream.createSocket");
  }

  @Test
  void marksTheApplicationEvenDeepDown() {
    List<String> frames =
        Stream.of(
                Collections.nCopies(30, "java.base/java.io.Deep.down(Deep.java:1)"),
                List.of("com.acme.Deep.open(Deep.java:3)"),
                Collections.nCopies(20, "java.base/java.lang.Thread.run(Thread.java:840)"))
            .flatMap(List::stream)
            .toList();
    TextPage page = new TextPage();

    SiteText.write(page, new Site(frames, List.of()), "");

    List<String> lines = page.toString().lines().toList();
    assertThat(lines)
        .hasSize(1 + 12 + 2)
        .contains("    ... 24 frames not shown", "  > com.acme.Deep.open(Deep.java:3)");
    assertThat(lines.get(lines.size() - 1)).isEqualTo("    ... 15 frames not shown");
  }

  @Test
  void tellsPlumbingFromApplication() {
    assertThat(opener("app//com.acme.A.b(A.java:1)")).isEqualTo("com.acme.A.b(A.java:1)");
    assertThat(opener("loader/acme.app@1.2/com.acme.A.b(A.java:1)"))
        .isEqualTo("com.acme.A.b(A.java:1)");
    assertThat(opener("com.acme.A$$Lambda/0x00007f.run(Unknown Source)"))
        .isEqualTo("com.acme.A$$Lambda/0x00007f.run(Unknown Source)");
    assertThat(opener("java.base@17.0.15/java.io.FileInputStream.open0(Native Method)")).isNull();
    assertThat(opener("io.netty.channel.epoll.Native.newEpoll(Native.java:1)"))
        .as("a library is better than nothing")
        .isEqualTo("io.netty.channel.epoll.Native.newEpoll(Native.java:1)");
    assertThat(opener("javafoo.A.b(A.java:1)")).isEqualTo("javafoo.A.b(A.java:1)");
  }

  @Test
  void letsNoHostileTextForgeTheReport() {
    GroupKey key = Sample.FILES;
    String target = "/tmp/a\nNO LEAK FOUND\r\u001b[2J\u202etxt.exe\u2028\u0085\ud800";
    String thread = "t\"\u0007\n".repeat(1000);

    String text = report.render(Sample.finding(key, List.of(Sample.owned(key, 7, target, thread))));

    assertThat(text)
        .contains(
            "/tmp/a\\nNO LEAK FOUND\\r\\u001b[2J\\u202etxt.exe\\u2028\\u0085\\ud800\n",
            "t\"\\u0007");
    assertThat(text.lines()).noneMatch(line -> line.startsWith("NO LEAK FOUND"));
    assertThat(text.codePoints().filter(c -> c != '\n').noneMatch(VisibleText::isHidden)).isTrue();
  }

  @Test
  void isWiderThanAScreenOnlyInStacksAndCommands() {
    assertThat(report.render(Sample.troubled()).lines())
        .filteredOn(line -> line.length() > TextPage.WIDTH)
        .allMatch(line -> line.matches(" +(> )?[\\w.$]+\\([\\w.]+:\\d+\\)|     +\\$ .*"));
  }

  @Test
  void staysAScreenHoweverManyFindings() {
    List<io.descry.detect.Finding> many = Collections.nCopies(500, Sample.hazard());

    String text = report.render(with(new Verdict(many, 0, null)));

    assertThat(text).contains("490 more hazards");
    assertThat(text.lines()).hasSizeLessThan(300);
  }

  @Test
  void admitsWhatASingleScanCannotShow() {
    GroupKey key = new GroupKey(Owner.FOREIGN, null, Kind.EVENTFD, Site.UNKNOWN);
    ReportData many =
        Sample.finding(key, List.of(Sample.owned(key, 7, "anon_inode:[eventfd]", null)));
    ReportData one =
        new ReportData(
            many.version(),
            many.started(),
            many.written(),
            many.reason(),
            many.process(),
            many.reconciliation(),
            many.verdict(),
            many.blind(),
            1,
            false);

    assertThat(report.render(one))
        .contains("With a single scan, neither growth nor hazards", "No stack is known.")
        .contains("opened by native code (library unknown)");
  }

  @Test
  void tellsWhatDescryDid() {
    assertThat(report.render(Sample.afterARaise()))
        .contains("What Descry did\n", "  - 2026-11-23 03:14:05: the limit was raised")
        .doesNotContain("\u202e");
    assertThat(report.render(Sample.healthy())).doesNotContain("What Descry did");
  }

  private static ReportData with(Verdict verdict) {
    return Sample.data("demand", Sample.healthy().reconciliation().groups(), verdict, List.of());
  }

  private static String opener(String frame) {
    return SiteText.opener(new Site(List.of(frame), List.of()));
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ");
  }

  private static String between(String text, String from, String to) {
    int start = text.indexOf(from);
    int end = text.indexOf(to, start);
    assertThat(start).isNotNegative();
    assertThat(end).isGreaterThan(start);
    return text.substring(start, end);
  }
}
