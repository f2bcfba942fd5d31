package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A leak through libuv, as its maintainers are told of it: the build that readelf knows, a program
 * that leaks as well; and how two reports of it differ.
 */
class UpstreamTest {
  private static final Pattern PROGRAM = Pattern.compile("(?ms)^```c\\n(.*?)^```$");
  private static final Pattern OPEN = Pattern.compile("open before (\\d+), after (\\d+)");
  private static final Pattern BUILD_ID = Pattern.compile("Build ID: ([0-9a-f]+)");

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void aLeakOfLibuvIsReportedToItsMaintainersAndGrows(Jdks.Jdk jdk) throws Exception {
    SharedLibrary.libuv();
    DescryJvm jvm =
        new DescryJvm(jdk, "upstream")
            .withLibraries()
            .option("formats", "text+json+html+upstream")
            .option("stacks", "all");
    Path directory = jvm.directory();
    try (RunningJvm running =
        jvm.main(
                "io.descry.lab.leaks.NativeLeak",
                "libuv-failing",
                directory.resolve("work").toString(),
                "1000",
                "200")
            .start()) {
      running.hear("ready");
      running.dump("first");
      running.say("go");
      await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofSeconds(3))
          .until(
              () -> {
                running.dump("second");
                return !reports(directory, "second").isEmpty();
              });
      int open = Report.read(directory.resolve("second.json")).open();
      await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofSeconds(1))
          .until(
              () ->
                  running.dump("third").open() > open
                      && Files.readString(directory.resolve("third.html"))
                          .contains("class=\"forecast\""));
    }

    Path report = reports(directory, "second").get(0);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(report)))
        .isEqualTo("rw-------");
    String text = Files.readString(report);
    Matcher file = Pattern.compile("\\| file \\| `(.*?)` \\|").matcher(text);
    assertThat(file.find()).as(text).isTrue();
    Matcher buildId = BUILD_ID.matcher(run(directory, "readelf", "-n", file.group(1)).said());
    assertThat(buildId.find()).isTrue();
    assertThat(text)
        .startsWith("# `libuv 1.")
        .contains("| build id | `" + buildId.group(1) + "` |")
        .containsPattern("libuv\\.so\\.1!uv_\\w+\\+0x[0-9a-f]+")
        .contains("---- called by Java ----\n")
        .contains("| distribution | `" + distribution() + "` |")
        .contains("| kernel | `" + run(directory, "uname", "-r").said().strip() + "` |")
        .containsPattern("Of those of this finding [^|]+(\\|.*\\|\n){14}")
        .containsPattern("All that the process had open[^|]+(\\|.*\\|\n){4,14}\n")
        .containsPattern(
            "\\| caller \\| call \\| error \\|.*\n.*\n"
                + "\\| `libuv\\.so\\.1` \\| `open(64)?` \\| `ENOENT` \\| [0-9,]+ \\|")
        .doesNotContain(directory.toString(), "io.descry.lab");
    showsOneStack(Files.readString(directory.resolve("second.html")));
    leaksWithout(directory, text);
    differs(jdk, directory);
  }

  private static void showsOneStack(String page) {
    assertThat(page)
        .as("native frames, and below them those of Java that called")
        .containsPattern(
            "(?s)<ol class=\"stack\">.*?libuv\\.so\\.1!.*?called by Java.*?NativeLeak.*?</ol>");
  }

  private static String distribution() throws Exception {
    return Files.readString(Path.of("/etc/os-release"))
        .replaceFirst("(?s).*PRETTY_NAME=\"(.*?)\".*", "$1");
  }

  private static void leaksWithout(Path directory, String text) throws Exception {
    boolean there = Files.exists(Path.of("/usr/include/uv.h"));
    assertThat(there || !"true".equals(System.getenv("CI"))).as("libuv1-dev is there").isTrue();
    Assumptions.assumeTrue(there, "libuv1-dev is not there");
    Matcher program = PROGRAM.matcher(text);
    assertThat(program.find()).as(text).isTrue();
    Files.writeString(directory.resolve("reproducer.c"), program.group(1));
    Ran built =
        run(
            directory,
            "gcc",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-o",
            "reproducer",
            "reproducer.c",
            "-luv");
    assertThat(built.exit()).as(built.said()).isZero();
    Matcher open = OPEN.matcher(run(directory, "./reproducer").said());
    assertThat(open.find()).isTrue();
    assertThat(Integer.parseInt(open.group(2)) - Integer.parseInt(open.group(1)))
        .isGreaterThanOrEqualTo(100);
  }

  private static void differs(Jdks.Jdk jdk, Path directory) throws Exception {
    Ran same = diff(jdk, directory, "second.json", "second.json");
    assertThat(same.exit()).as(same.said()).isZero();
    Ran appeared = diff(jdk, directory, "first.json", "second.json");
    assertThat(appeared.exit()).as(appeared.said()).isEqualTo(1);
    assertThat(appeared.said())
        .contains("one process, ")
        .containsPattern("appeared  0 -> [\\d,]+ \\(\\+[\\d,]+\\)  [a-z-]+: .*library libuv");
    Ran grown = diff(jdk, directory, "second.json", "third.json");
    assertThat(grown.exit()).as(grown.said()).isEqualTo(1);
    assertThat(grown.said()).containsPattern("grew      [\\d,]+ -> [\\d,]+ .*library libuv");
    Ran json = diff(jdk, directory, "second.json", "third.json", "--json");
    assertThat(json.said()).contains("\"same\" : false", "\"what\" : \"grew\"");
    Ran bad = diff(jdk, directory, "first.json", "second.txt");
    assertThat(bad.exit()).isEqualTo(2);
    assertThat(bad.said()).startsWith("descry: second.txt is no JSON report of Descry");
  }

  private static Ran diff(Jdks.Jdk jdk, Path directory, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(jdk.tool("java"), "-jar", DescryJvm.JAR.toString(), "diff"));
    command.addAll(List.of(arguments));
    return run(directory, command.toArray(String[]::new));
  }

  private static List<Path> reports(Path directory, String base) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(path -> path.getFileName().toString().matches(base + "-.*\\.md"))
          .sorted()
          .toList();
    }
  }

  private record Ran(int exit, String said) {}

  private static Ran run(Path directory, String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    return new Ran(process.waitFor(), said);
  }
}
