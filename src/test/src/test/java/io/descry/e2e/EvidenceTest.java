package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a finding claims can be seen by hand: for every type of evidence there is a program that
 * provokes it, and the command that the report names is run and compared with the text.
 */
class EvidenceTest {
  /** How many numbers a command names at most. */
  private static final int NAMED = 12;

  /** Two or three scans each, for growth to be over. */
  private static final int DUMPS = 100;

  /** After so many nothing new is expected. */
  private static final int QUIET = 8;

  private static final int TIMES = 190;
  private static final String PAUSE = "500";

  /** What is claimed, and what the command printed. */
  private record Shown(JsonNode finding, String text, List<String> lines) {
    /** The first group of the pattern in the text, a number. */
    int claimed(String pattern) {
      Matcher matcher = Pattern.compile(pattern).matcher(text);
      assertThat(matcher.find()).as(text).isTrue();
      return Integer.parseInt(matcher.group(1));
    }

    /** The number of those that the command can name. */
    int named(String pattern) {
      return Math.min(NAMED, claimed(pattern));
    }

    List<Integer> numbers() {
      return lines.stream()
          .map(String::strip)
          .filter(line -> line.matches("\\d+"))
          .map(Integer::valueOf)
          .toList();
    }

    int number() {
      assertThat(numbers()).as(text + lines).hasSize(1);
      return numbers().get(0);
    }

    int links() {
      return (int) lines.stream().filter(line -> line.contains(" -> ")).count();
    }

    boolean says(String part) {
      return lines.stream().anyMatch(line -> line.contains(part));
    }
  }

  /** Every type of evidence, and when the command shows what the text says. */
  private enum Type {
    UNREACHABLE(shown -> shown.links() == shown.named("(\\d+) descriptors? ")),
    COLLECTED(
        shown ->
            shown.numbers().size() == 2
                && shown.numbers().get(0) >= shown.claimed("(\\d+) of this site")
                && shown.numbers().get(0) >= shown.numbers().get(1)),
    CLOSED(shown -> !shown.says("/victim")),
    REUSED(
        shown ->
            shown.says(
                "-> " + shown.text.replaceFirst("(?s).*the number now is [^,]*, ([^;]*).*", "$1"))),
    GROWTH(shown -> shown.number() >= shown.claimed(" later (\\d+):")),
    SURVIVORS(shown -> shown.text.contains("none was closed") && shown.links() == NAMED),
    CLOSE_WAIT(shown -> shown.number() == shown.named("(\\d+) of ")),
    DELETED(shown -> shown.number() == shown.named("(\\d+) of ")),
    DUPLICATES(
        shown ->
            shown.lines.size() == 1
                && shown.lines.get(0).strip().startsWith(shown.named("(\\d+) of ") + " ")),
    OPENER(EvidenceTest::namesTheLibrary),
    ERRORS(EvidenceTest::namesTheLibrary),
    FOREIGN(
        shown ->
            Stream.of(shown.text.replaceFirst(".*loaded: ", "").split(", ")).allMatch(shown::says)),
    PLATEAU(shown -> shown.links() == NAMED),
    LIMIT(
        shown -> {
          int open = shown.claimed("(\\d+) descriptors are open");
          int all = shown.numbers().get(0);
          return shown.says(" " + shown.claimed("limit is (\\d+)") + " ")
              && all >= open
              && all <= open + NAMED;
        }),
    PEER_GONE(shown -> shown.lines.size() == shown.named("end of (\\d+) is gone")),
    HALF_MADE(shown -> shown.lines.size() == shown.named("(\\d+) sockets")),
    LIFETIME(shown -> shown.links() == shown.named("each of these (\\d+) ")),
    EMPTY_LOOP(
        shown ->
            shown.lines.size() == shown.named("(\\d+) event loops")
                && shown.lines.stream().allMatch(EvidenceTest::isEmptyLoop)),
    BALANCE(shown -> shown.links() <= shown.claimed("this site (\\d+) ") && shown.links() > 0),
    NOBODY_POLLS(shown -> shown.lines.size() == shown.named("wait on (\\d+) of")),
    DEAD_THREAD(shown -> shown.lines.size() == shown.named("ended, (\\d+) in all")),
    ORPHAN(shown -> shown.lines.size() == shown.named("(\\d+) are")),
    NEVER_USED(shown -> shown.number() == shown.named("(\\d+) connections")),
    IDLE(shown -> shown.number() == shown.named("(\\d+) of ")),
    BUNDLE(
        shown -> {
          List<Integer> claimed =
              Pattern.compile("(\\d+) [a-z_.]+")
                  .matcher(shown.text)
                  .results()
                  .map(result -> Integer.valueOf(result.group(1)))
                  .toList();
          List<Integer> counted = shown.numbers();
          return claimed.size() == counted.size()
              && IntStream.range(0, claimed.size()).allMatch(i -> counted.get(i) >= claimed.get(i));
        });

    private final Predicate<Shown> agrees;

    Type(Predicate<Shown> agrees) {
      this.agrees = agrees;
    }

    static Type of(String name) {
      return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
  }

  /**
   * Those of hazards, and of what the application says itself: HazardsTest, ExpectedHandlesTest.
   */
  private static final Set<String> ELSEWHERE =
      Set.of("double-close", "close-under-use", "inherited", "expected");

  @Test
  void everyTypeOfEvidenceIsHere() throws IOException {
    Path rules = Path.of(System.getProperty("descry.test.root"), "agent/src/main/java/io/descry");
    Set<Type> inTheSource = new TreeSet<>();
    try (Stream<Path> files = Files.walk(rules)) {
      // What reads a report back makes no evidence of its own.
      for (Path file :
          files
              .filter(path -> path.toString().endsWith(".java"))
              .filter(path -> !path.endsWith("report/ReadReport.java"))
              .toList()) {
        String source = Files.readString(file);
        Matcher made = Pattern.compile("new Evidence\\(([^,]+),").matcher(source);
        while (made.find()) {
          Set<String> names = literals(made.group(1));
          if (names.isEmpty()) {
            names =
                literals(
                    source
                        .replaceFirst("(?s).*String " + made.group(1).strip() + " =", "")
                        .replaceFirst("(?s);.*", ""));
          }
          assertThat(names).as(file + ": " + made.group()).isNotEmpty();
          names.stream()
              .filter(name -> !ELSEWHERE.contains(name))
              .forEach(name -> inTheSource.add(Type.of(name)));
        }
      }
    }
    assertThat(inTheSource).containsExactly(Type.values());
  }

  private static Set<String> literals(String source) {
    return Pattern.compile("\"([a-z-]+)\"")
        .matcher(source)
        .results()
        .map(result -> result.group(1))
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.descry.e2e.Jdks#all")
  void everyCommandShowsWhatItsTextSays(Jdks.Jdk jdk) {
    SharedLibrary.libuv();
    Set<Type> seen = new TreeSet<>();
    Set<String> forgetful = new TreeSet<>();
    try (Running programs = new Running()) {
      // First, for its growth is the only fact that is over some scans after it has stopped.
      DescryJvm untraced = new DescryJvm(jdk, "evidence-foreign").withLibraries();
      programs.add(
          "foreign",
          untraced
              .option("native", "off")
              .main(
                  "io.descry.lab.leaks.NativeLeak",
                  "jna",
                  untraced.directory().resolve("work").toString(),
                  Integer.toString(TIMES),
                  PAUSE)
              .start());
      for (String facts : List.of("JavaFacts", "NativeFacts")) {
        DescryJvm jvm = new DescryJvm(jdk, "evidence-" + facts).withLibraries();
        String work = jvm.directory().resolve("work").toString();
        programs.add(
            facts,
            jvm.main("io.descry.lab.facts." + facts, work, Integer.toString(TIMES), PAUSE).start());
      }
      programs.each(program -> program.hear("ready"));
      programs.each(RunningJvm::awaitSettled);
      programs.each(program -> program.say("go"));
      programs.each(program -> program.hear("leaked"));
      programs.each(
          (name, program) -> {
            // The programs do nothing more: growth ends, and later scans have seen all the rest.
            Set<Type> here = new TreeSet<>();
            Set<String> compared = new HashSet<>();
            int nothingNew = 0;
            for (int i = 0; i < DUMPS && nothingNew < QUIET; i++) {
              Report report = program.dump("dump" + i);
              boolean more = here.addAll(compare(jdk + " " + name, report, compared));
              forgetful.addAll(libraries(report, Type.ORPHAN));
              pause();
              nothingNew = more || !here.contains(Type.PLATEAU) ? 0 : nothingNew + 1;
            }
            seen.addAll(here);
          });
    }
    System.out.println(jdk + " evidence checked by hand: " + seen);
    assertThat(seen).containsExactly(Type.values());
    assertThat(forgetful).containsExactly("libuv", "netty-transport-native-epoll");
  }

  private static void pause() {
    try {
      Thread.sleep(1000);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Of which libraries there is a finding with such evidence. */
  private static Set<String> libraries(Report report, Type type) {
    Set<String> libraries = new TreeSet<>();
    for (JsonNode finding : report.json().path("findings")) {
      for (JsonNode evidence : finding.path("evidence")) {
        if (Type.of(evidence.path("type").asText()) == type) {
          libraries.add(finding.at("/library/name").asText());
        }
      }
    }
    return libraries;
  }

  /** What looks nearly as if it had a fact, in the programs, by the method that opens it. */
  private static final Map<String, Set<Type>> NEARLY =
      Map.of(
          "JavaFacts.used(", Set.of(Type.NEVER_USED, Type.IDLE),
          "JavaFacts.servedSelector(", Set.of(Type.NOBODY_POLLS, Type.DEAD_THREAD, Type.EMPTY_LOOP),
          "NativeFacts.registered(", Set.of(Type.ORPHAN, Type.HALF_MADE),
          "NativeFacts.readFrom(", Set.of(Type.ORPHAN, Type.HALF_MADE));

  private static void expectNone(SoftAssertions all, JsonNode finding, Type type) {
    NEARLY.forEach(
        (method, types) -> {
          if (finding.at("/site/java").toString().contains(method)) {
            all.assertThat(type).as("%s of %s", type, method).isNotIn(types);
          }
        });
  }

  /**
   * Runs the command of each evidence of a report, and says of what types they were.
   *
   * @param compared those of findings that earlier reports had, which are not run again
   */
  private static Set<Type> compare(String name, Report report, Set<String> compared) {
    Set<Type> types = new TreeSet<>();
    SoftAssertions all = new SoftAssertions();
    for (JsonNode finding : report.json().path("findings")) {
      for (JsonNode evidence : finding.path("evidence")) {
        Type type = Type.of(evidence.path("type").asText());
        if (!compared.add(finding.path("id").asText() + " " + type)) {
          continue;
        }
        String check = evidence.path("check").asText();
        Shown shown = new Shown(finding, evidence.path("text").asText(), run(check));
        all.assertThat(type.agrees.test(shown))
            .as(
                "%s %s %s\n%s\n$ %s\n%s",
                name,
                finding.path("id").asText(),
                type,
                shown.text,
                check,
                String.join("\n", shown.lines))
            .isTrue();
        expectNone(all, finding, type);
        types.add(type);
      }
    }
    all.assertAll();
    return types;
  }

  private static boolean isEmptyLoop(String line) {
    return line.matches("\\d+( (anon_inode:\\[(eventfd|timerfd)]|pipe:\\[\\d+]))*");
  }

  private static boolean namesTheLibrary(Shown shown) {
    JsonNode path = shown.finding.path("library").path("path");
    return shown.says(path.isTextual() ? path.asText() : ".so");
  }

  /** What the command prints, without its complaints; from jcmd on the search path. */
  private static List<String> run(String command) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder("sh", "-c", command).redirectError(ProcessBuilder.Redirect.DISCARD);
      String tools = Path.of(System.getProperty("java.home"), "bin").toString();
      builder.environment().merge("PATH", tools, (path, more) -> more + ":" + path);
      Process process = builder.start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("does not end: " + command);
      }
      return Arrays.stream(out.split("\n")).filter(line -> !line.isBlank()).toList();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
