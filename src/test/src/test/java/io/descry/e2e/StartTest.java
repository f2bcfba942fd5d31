package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the start and the end of a short program cost, in classes: each takes a tenth of a
 * millisecond or more, and unlike milliseconds they can be counted.
 */
class StartTest {
  private static final String HELLO = "io.descry.lab.life.Hello";

  /** A run on a machine that is busy may outlive the rest that Descry takes at the start. */
  private static final int RUNS = 5;

  /** How many classes more than the bare JVM, measured on 17.0.15 and 25.0.3, and a tenth. */
  private record Bound(int beforeMain, int all) {
    static Bound of(Jdks.Jdk jdk) {
      return jdk.feature() < 24 ? new Bound(575, 690) : new Bound(755, 870);
    }

    static Bound ofLater(Jdks.Jdk jdk) {
      return jdk.feature() < 24 ? new Bound(455, 450) : new Bound(620, 615);
    }
  }

  /** The classes that a JVM loaded, in order, each line with its source. */
  private record Loaded(List<String> lines) {
    int beforeMain() {
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).startsWith(HELLO + " ")) {
          return i;
        }
      }
      throw new AssertionError(HELLO + " is not among the loaded classes");
    }

    long shared() {
      return lines.stream().filter(line -> line.contains("shared objects file")).count();
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void helloWorldLoadsFewClassesMore(Jdks.Jdk jdk) throws IOException {
    loads(jdk, "exact", Bound.of(jdk));
  }

  /** And it ends before any of Descry has begun, of which nothing is said or written. */
  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void startedLaterHelloWorldLoadsFewer(Jdks.Jdk jdk) throws IOException {
    loads(jdk, "later", Bound.ofLater(jdk));
  }

  private static void loads(Jdks.Jdk jdk, String start, Bound bound) throws IOException {
    Loaded bare = run(bare(jdk));
    List<Integer> beforeMain = new ArrayList<>();
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      Loaded loaded = run(plain(jdk).option("start", start));
      // The archive of the JDK's classes is used as before.
      assertThat(loaded.shared()).isGreaterThanOrEqualTo(bare.shared());
      beforeMain.add(loaded.beforeMain() - bare.beforeMain());
      all.add(loaded.lines().size() - bare.lines().size());
    }
    System.out.println(
        jdk + ", start=" + start + ", classes more: before main " + beforeMain + ", in all " + all);
    assertThat(beforeMain).anyMatch(more -> more <= bound.beforeMain());
    assertThat(all).anyMatch(more -> more <= bound.all());
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void aShortLifeIsReportedAsALongOne(Jdks.Jdk jdk) throws IOException {
    // With gc=report all of Descry begins, whenever the program ends.
    List<String> early = table(plain(jdk));
    List<String> whole = table(plain(jdk).option("gc", "report"));
    if (jdk.feature() == 17) {
      // The JVM keeps a socket from the first channel on, which all of Descry needs (Reports).
      assertThat(whole).anyMatch(line -> line.matches("socket.unix +1 +\\. +1"));
      whole = whole.stream().filter(line -> !line.matches("(socket.unix|total) .*")).toList();
      early = early.stream().filter(line -> !line.startsWith("total ")).toList();
    }
    assertThat(early).isEqualTo(whole).hasSizeGreaterThan(2);
  }

  private static List<String> table(DescryJvm jvm) throws IOException {
    assertThat(jvm.main(HELLO).ended().err())
        .hasSize(1)
        .allMatch(line -> line.contains(" on, scanning every "));
    List<String> report = Files.readAllLines(Path.of(jvm.base() + ".txt"));
    assertThat(report).anyMatch(line -> line.startsWith("NO LEAK FOUND: "));
    return report.stream()
        .dropWhile(line -> !line.startsWith("Open descriptors by kind"))
        .takeWhile(line -> !line.startsWith("All times"))
        .toList();
  }

  private static DescryJvm bare(Jdks.Jdk jdk) {
    return new DescryJvm(jdk, "start-bare").bare();
  }

  private static DescryJvm plain(Jdks.Jdk jdk) {
    return new DescryJvm(jdk, "start").without("formats").without("detail").without("interval");
  }

  private static Loaded run(DescryJvm jvm) throws IOException {
    Path log = jvm.directory().resolve("classes.log");
    try (RunningJvm running =
        jvm.jvm("-Xshare:on", "-Xlog:class+load:file=" + log + ":none:filecount=0")
            .main(HELLO)
            .start()) {
      assertThat(running.await()).as(() -> running.err().toString()).isZero();
      assertThat(running.out()).containsExactly("hello");
    }
    return new Loaded(Files.readAllLines(log));
  }
}
