package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A process at its limit writes the page, and a real browser shows it. */
class HtmlReportTest {
  private static final String HOSTILE = "<img src=x onerror=window.broken=1>";
  private static final String THREAD = "</script>" + HOSTILE + "\" onload='x' \u202e";
  private static final int LIMIT = 400;
  private static Browser browser;

  @BeforeAll
  static void start() throws IOException {
    assumeThat(Browser.isHere()).as("Chromium is here").isTrue();
    Path work = Files.createDirectories(Path.of(System.getProperty("descry.test.work")));
    browser = new Browser(Files.createTempDirectory(work, "chromium"));
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void aProcessAtItsLimitShowsItselfInABrowser(Jdks.Jdk jdk) throws Exception {
    Path page = written(jdk);

    browser.withoutScript(true);
    browser.open(page);
    assertThat(browser.requests()).as("asked for").containsExactly(page.toUri().toString());
    browser.withoutScript(false);
    browser.open(page);
    assertThat(browser.text("document.title")).startsWith("LEAK - HostileNames (");
    showsTheCourse();
    staysHarmless();
    sortsAndFilters();
    isLegible();
    prints();
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.requests()).as("asked for").containsExactly(page.toUri().toString());
    obeysNobodyElse();
  }

  /** What a JVM that has opened all it may leaves behind. */
  private static Path written(Jdks.Jdk jdk) throws Exception {
    DescryJvm jvm = new DescryJvm(jdk, "html").limit(LIMIT).option("formats", "text+json+html");
    Path files = Files.createDirectory(jvm.directory().resolve("files"));
    for (String name : List.of(HOSTILE, "a\n<b>", "\u202egpj.exe", "'\"&lt;")) {
      create(files, name);
    }
    create(files, "\\377\\033[2J<svg>");
    Path page = Path.of(jvm.base() + ".html");
    try (RunningJvm running =
        jvm.main("io.descry.lab.leaks.HostileNames", files.toString(), THREAD, "25").start()) {
      running.hear("ready");
      running.awaitSettled();
      running.say("go");
      assertThat(running.hear("last: ")).endsWith("Too many open files");
      running.hear("full");
      running.terminate();
      assertThat(running.err()).noneMatch(line -> line.contains("not written"));
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(page)))
        .isEqualTo("rw-------");
    return page;
  }

  /** By printf, whose escapes can make names that no Java string can. */
  private static void create(Path directory, String name) throws Exception {
    Process shell =
        new ProcessBuilder("sh", "-c", "true > \"$(printf \"$1\")\"", "sh", name)
            .directory(directory.toFile())
            .inheritIO()
            .start();
    assertThat(shell.waitFor()).isZero();
  }

  private static void showsTheCourse() {
    assertThat(browser.value("document.querySelectorAll('#verdict .figures li').length").asInt())
        .isGreaterThanOrEqualTo(3);
    assertThat(browser.text("document.querySelector('.chart .limit').tagName")).isEqualTo("path");
    browser.value(
        "document.querySelector('.chart svg').dispatchEvent("
            + "new KeyboardEvent('keydown', {key: 'ArrowRight'}))");
    assertThat(browser.text("document.querySelector('.reading').textContent"))
        .matches("2\\d{3}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d  \\d+ open of 400: java \\d+,.*");
    assertThat(browser.value("document.querySelectorAll('.card .stack .opener').length").asInt())
        .isPositive();
    assertThat(browser.value("document.querySelectorAll('.check button').length").asInt())
        .isPositive();
  }

  private static void staysHarmless() {
    assertThat(browser.value("document.querySelectorAll('img, svg svg, [onload]').length").asInt())
        .isZero();
    assertThat(browser.value("document.scripts.length").asInt()).isEqualTo(2);
    assertThat(browser.text("typeof window.broken")).isEqualTo("undefined");
    assertThat(browser.text("document.getElementById('groups').textContent"))
        .contains(HOSTILE, "a\\n<b>", "\\u202egpj.exe", "'\"&lt;", "\\u001b[2J<svg>")
        .contains("</script>" + HOSTILE + "\" onload='x' \\u202e")
        .doesNotContain("\u202e", "\u001b");
  }

  private static void sortsAndFilters() {
    String rows = "[...document.querySelectorAll('#groups .sortable > tbody > tr')]";
    int all = browser.value(rows + ".length").asInt();
    assertThat(all).isGreaterThan(3);
    String counts = rows + ".map(row => Number(row.dataset.count))";
    assertThat(browser.value(counts + "[0]").asInt()).isGreaterThan(100);
    click("count");
    assertThat(browser.value(counts + ".every((n, i, a) => i === 0 || a[i - 1] <= n)").asBoolean())
        .as("smallest first")
        .isTrue();
    String owners = rows + ".map(row => row.cells[1].textContent)";
    click("owner");
    List<String> rising = texts(owners);
    assertThat(rising).isSorted().contains("inherited", "java");
    click("owner");
    assertThat(texts(owners)).isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(browser.text("document.querySelector('#groups th[aria-sort]').textContent"))
        .isEqualTo("owner");

    filter("HostileNames.keep");
    String visible = rows + ".filter(row => row.offsetParent !== null)";
    assertThat(browser.value(visible + ".length").asInt()).isBetween(1, all - 1);
    assertThat(browser.text("document.querySelector('#groups .tools span').textContent"))
        .matches("[12] groups?, [1-3]\\d\\d open");
    filter("no such thing");
    assertThat(browser.value(visible + ".length").asInt()).isZero();
    filter("");
    assertThat(browser.value(visible + ".length").asInt()).isEqualTo(all);
  }

  private static List<String> texts(String expression) {
    List<String> texts = new ArrayList<>();
    browser.value(expression).forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static void click(String heading) {
    browser.value(
        "[...document.querySelectorAll('#groups .sortable > thead button')]"
            + ".find(button => button.textContent === '%s').click()".formatted(heading));
  }

  private static void filter(String text) {
    browser.value(
        "{const word = document.querySelector('#groups input[type=search]');"
            + "word.value = '%s'; word.dispatchEvent(new Event('input'))}".formatted(text));
  }

  /** Every text against what is behind it, by WCAG 2.1, 1.4.3: 4.5 to 1 at least. */
  private static void isLegible() throws IOException {
    String contrasts = resource("contrast.js");
    for (String scheme : List.of("light", "dark")) {
      browser.prefer(scheme);
      assertThat(browser.value(contrasts)).as("too faint, " + scheme).isEmpty();
      String ground = browser.text("getComputedStyle(document.body).backgroundColor");
      assertThat(ground)
          .isEqualTo(scheme.equals("dark") ? "rgb(18, 22, 27)" : "rgb(246, 247, 248)");
    }
    browser.prefer("light");
  }

  /** On paper everything that is folded is open, and what only serves a screen is not there. */
  private static void prints() {
    String folded = "document.querySelectorAll('details:not([open])').length";
    int before = browser.value(folded).asInt();
    assertThat(before).as("folded on the screen").isPositive();
    browser.value(
        "addEventListener('beforeprint', () => {"
            + "window.foldedOnPaper = %s})".formatted(folded));
    assertThat(browser.paper()).startsWith("%PDF-");
    assertThat(browser.value("window.foldedOnPaper").asInt()).isZero();
    assertThat(browser.value(folded).asInt()).as("folded again").isEqualTo(before);
    browser.media("print");
    assertThat(browser.text("getComputedStyle(document.querySelector('nav')).display"))
        .isEqualTo("none");
    browser.media("");
  }

  /** The policy holds against what might yet get in. */
  private static void obeysNobodyElse() {
    browser.value(
        "{const script = document.createElement('script');"
            + "script.textContent = 'window.broken = 2'; document.body.append(script);"
            + "const image = new Image(); image.src = 'http://127.0.0.1:9/x.png';"
            + "document.body.append(image);}");
    assertThat(browser.text("typeof window.broken")).isEqualTo("undefined");
    await().until(() -> browser.complaints().size() >= 2);
    assertThat(browser.complaints())
        .allMatch(complaint -> complaint.contains("Content Security Policy"));
    await().until(() -> browser.requests().stream().noneMatch(one -> one.startsWith("http:")));
  }

  private static String resource(String name) throws IOException {
    try (var in = HtmlReportTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
