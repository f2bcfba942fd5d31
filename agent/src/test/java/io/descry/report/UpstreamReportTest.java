package io.descry.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.detect.Confidence;
import io.descry.detect.Evidence;
import io.descry.detect.Finding;
import io.descry.detect.Verdict;
import io.descry.os.Kind;
import io.descry.os.tracer.NativeError;
import io.descry.os.tracer.NativeObject;
import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Library;
import io.descry.reconcile.OwnedDescriptor;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamReportTest {
  private static final SystemFacts SYSTEM =
      new SystemFacts("Debian GNU/Linux 12", "https://bugs.debian.org/", "amd64", "2.36", "prod-7");

  private static final Site SITE =
      new Site(
          List.of(
              "io.netty.channel.epoll.Native.newEpollCreate(Native.java:147)",
              "app//com.acme.secret.Vault.open(Vault.java:52)"),
          List.of(
              "libuv.so.1!uv__socket+0x2c",
              "libuv.so.1!uv_tcp_init_ex+0x6f",
              "libacme.so!acme_hidden+0x1"));

  @TempDir Path directory;

  @Test
  void namesTheLibraryItsBuildAndItsFrames() {
    String report = render("120 stay open", "/srv/acme/customers.db");

    assertThat(report)
        .startsWith("# `libuv 1.44.2`: 3 `file` not closed, in `uv_tcp_init_ex`\n")
        .contains("| build id | `aa11bb22` |")
        .contains("| distribution | `Debian GNU/Linux 12` |")
        .contains("| glibc | `2.36` |")
        .contains("libuv.so.1!uv__socket+0x2c\nlibuv.so.1!uv_tcp_init_ex+0x6f\n")
        .contains("io.netty.channel.epoll.Native.newEpollCreate(Native.java:147)")
        .contains("uv_tcp_init_ex(loop, tcp, AF_INET)")
        .contains("<https://github.com/libuv/libuv/issues>")
        .contains("`https://bugs.debian.org/`")
        .contains("| 2026-11-23 03:14:05 | 3 |");
  }

  @Test
  void keepsWhatIsTheCompanysOwn() {
    String report =
        render(
            "thread acme-pool-1 (4711) waits; /srv/acme/customers.db from 10.1.2.3:5432 and"
                + " [fe80::1%eth0]:80 and 2001:db8::7 on prod-7 at 2026-11-23T11:57:06.060945Z",
            "/srv/acme/customers.db");

    assertThat(report)
        .doesNotContain("acme", "customers", "10.1.2.3", "fe80", "2001:db8", "prod-7", "Vault")
        .contains("<path>", "<address>", "<thread>", "<name>", "<application frame 1>")
        .contains("<native code of the application>")
        .contains("at 2026-11-23T11:57:06.060945Z")
        .contains("Replaced or left out by Descry: ");
  }

  @Test
  void saysHowMuchWasTakenOutInWords() {
    String report = render("10.1.2.3:5432 and 10.1.2.4:5432, /srv/acme/one", "/srv/acme/two");

    assertThat(report)
        .contains(
            "Replaced or left out by Descry: 2 addresses, 4 paths, 1 frame of the application,"
                + " 1 native frame of the application; never in it: ");
  }

  @Test
  void listsTheErrorsOfTheLibraryAndOfPublicOnes() {
    Instant first = Sample.STARTED;
    List<NativeError> errors =
        List.of(
            new NativeError(
                object("/usr/lib/x86_64-linux-gnu/libuv.so.1"),
                "socket",
                "EMFILE",
                1041,
                first,
                Sample.WRITTEN),
            new NativeError(object("/srv/acme/libacme.so"), "open64", "ENOENT", 7, first, first),
            new NativeError(null, "dup", "EBADF", 3, first, first));

    assertThat(render("x", "/srv/acme/two", errors))
        .contains(
            "## Errors of native calls\n\n"
                + "| caller | call | error | count | last (UTC) |\n"
                + "| --- | --- | --- | ---: | --- |\n"
                + "| `libuv.so.1` | `socket` | `EMFILE` | 1,041 | 2026-11-23 03:14:05 |\n\n")
        .doesNotContain("ENOENT", "EBADF");
    assertThat(render("x", "/srv/acme/two")).contains("None was seen among the calls");
  }

  @Test
  void hostileTextStaysText() {
    String hostile = "</code><script>alert(1)</script>\n```\n# @everyone `x` | ![a](http://evil)";
    String report = render(hostile, hostile);

    String outside = withoutCode(report);
    assertThat(outside).doesNotContain("<script", "@everyone", "![a]", "alert");
    assertThat(report.lines().filter(line -> line.startsWith("# "))).hasSize(1);
  }

  @Test
  void ofCodeAndCellsNothingGetsOut() {
    assertThat(MarkdownText.code("a")).isEqualTo("`a`");
    assertThat(MarkdownText.code("a``b")).isEqualTo("```a``b```");
    assertThat(MarkdownText.code("`")).isEqualTo("`` ` ``");
    assertThat(MarkdownText.cell("a|b")).isEqualTo("`a\\|b`");
    assertThat(MarkdownText.code("a\nb")).isEqualTo("`a\\nb`");
    assertThat(MarkdownText.fenced("text", "````\n")).isEqualTo("`````text\n````\n`````\n");
  }

  @Test
  void writesTenFilesAtMostForTheirOwnerOnly() throws IOException {
    List<Finding> findings = new ArrayList<>();
    for (int i = 1; i <= 12; i++) {
      findings.add(finding("growth-" + i, key("libuv"), "x", List.of()));
    }
    findings.add(0, finding("growth-90", key("jna"), "x", List.of()));
    findings.add(0, finding("growth-91", Sample.FILES, "x", List.of()));
    ReportData data = Sample.data("demand", List.of(), new Verdict(findings, 0, null), List.of());

    List<IOException> failed = new ArrayList<>();
    List<Path> written =
        new UpstreamReports(SYSTEM).write(directory.resolve("r").toString(), data, failed::add);

    assertThat(failed).isEmpty();
    assertThat(written).hasSize(UpstreamReports.MOST);
    assertThat(written.get(0)).isEqualTo(directory.resolve("r-growth-1.md"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(written.get(0))))
        .isEqualTo("rw-------");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite-jdbc", "rocksdbjni", "netty-transport-native-epoll"})
  void theSkeletonsInJavaCompile(String library) throws IOException {
    Site site =
        new Site(
            List.of("io.netty.channel.epoll.EpollIoHandler.<init>(EpollIoHandler.java:1)"),
            List.of());
    Reproducer program = Reproducer.of(new Library(library, "1.0", null), site);
    assertThat(program.language()).isEqualTo("java");
    Path file = Files.writeString(directory.resolve("Reproducer.java"), program.code());

    int exit =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                directory.toString(),
                file.toString());

    assertThat(exit).isZero();
  }

  @Test
  void thereIsNoSkeletonWithoutAKnownCall() {
    Library libuv = new Library("libuv", null, null);
    assertThat(Reproducer.of(libuv, Site.UNKNOWN)).isNull();
    assertThat(Reproducer.of(new Library("netty-transport-native-epoll", null, null), SITE))
        .isNull();
    assertThat(Reproducer.of(new Library("other", null, null), SITE)).isNull();
    assertThat(Reproducer.entry(SITE)).isEqualTo("uv_tcp_init_ex");
  }

  @Test
  void readsTheDistributionsName() throws IOException {
    Path etc = Files.createDirectories(directory.resolve("etc"));
    Files.writeString(
        etc.resolve("os-release"), "NAME=x\nPRETTY_NAME=\"A \\\"B\\\" 1\"\nBUG_REPORT_URL='u'\n");

    SystemFacts facts = SystemFacts.read(directory, "2.36");

    assertThat(facts.distribution()).isEqualTo("A \"B\" 1");
    assertThat(facts.bugs()).isEqualTo("u");
    assertThat(facts.host()).isNull();
    assertThat(SystemFacts.read(directory.resolve("none"), null).distribution()).isNull();
  }

  private static String withoutCode(String markdown) {
    return markdown
        .replaceAll("(?ms)^(`{3,})\\w*\\n.*?^\\1$", "")
        .replaceAll("(?<!`)(`+)(?!`).*?(?<!`)\\1(?!`)", "");
  }

  private static GroupKey key(String library) {
    return new GroupKey(
        Owner.LIBRARY,
        new Library(library, "1.44.2", "/usr/lib/x86_64-linux-gnu/libuv.so.1", "aa11bb22"),
        Kind.FILE,
        SITE);
  }

  private static Finding finding(
      String id, GroupKey key, String evidence, List<OwnedDescriptor> descriptors) {
    return new Finding(
        id,
        "growth",
        Confidence.PROBABLE,
        false,
        key,
        descriptors.size(),
        descriptors,
        List.of(new Evidence("growth", evidence, "true")),
        Sample.STARTED,
        3,
        null,
        List.of());
  }

  private static NativeObject object(String path) {
    return new NativeObject(1, path, null, null, NativeObject.Role.LIBRARY);
  }

  private static String render(String evidence, String target) {
    return render(evidence, target, List.of());
  }

  private static String render(String evidence, String target, List<NativeError> errors) {
    GroupKey key = key("libuv");
    List<OwnedDescriptor> three =
        IntStream.range(5, 8).mapToObj(i -> Sample.owned(key, i, target, "acme-pool-1")).toList();
    Finding finding = finding("growth-1", key, evidence, three);
    ReportData data =
        Sample.data(
            "demand",
            List.of(new Group(key, three)),
            new Verdict(List.of(finding), 0, null),
            List.of(),
            errors);
    return new UpstreamReport(finding, SYSTEM, List.of()).render(data);
  }
}
