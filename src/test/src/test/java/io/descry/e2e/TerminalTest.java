package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The command line in a terminal: what is drawn there, and what a shell completes. */
class TerminalTest {
  private static final String LEAKS = "io.descry.lab.leaks.JavaLeaks";

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void topDrawsWhatLeaksAndGivesTheTerminalBack(Jdks.Jdk jdk) {
    DescryJvm jvm = new DescryJvm(jdk, "terminal-top");
    try (RunningJvm running = jvm.main(LEAKS, "40", "100").start();
        Tmux terminal = new Tmux(jvm.directory())) {
      running.hear("ready");
      running.awaitSettled();
      running.say("go");
      running.hear("leaked ");
      terminal.line("stty -g > before");
      terminal.line("echo shown before");
      terminal.await("shown before");
      terminal.line(descry(jdk) + " top " + running.pid() + " --interval=0.2");
      terminal.await("owner-unreachable");
      terminal.await("JavaLeaks.droppedChannel(");
      assertThat(terminal.screen())
          .startsWith("process " + running.pid() + "  ")
          .containsPattern("\\d+ open of [\\d,]+ \\(")
          .contains("CONFIDENCE", "CHANGE", "JavaLeaks.growingList(")
          .doesNotContain("shown before");
      terminal.resize(60, 12);
      terminal.await("CONFIDENCE");
      assertThat(terminal.screen().lines().toList())
          .hasSizeLessThanOrEqualTo(12)
          .allMatch(line -> line.length() <= 60);
      terminal.resize(150, 40);
      terminal.type("q");
      terminal.awaitPrompt();
      terminal.await("shown before");
      assertThat(terminal.screen()).as("its page is gone").doesNotContain("CONFIDENCE");
      terminal.line("stty -g | cmp - before && echo 'as it' was");
      terminal.await("as it was");

      terminal.line(descry(jdk) + " top " + running.pid());
      terminal.await("CONFIDENCE");
      terminal.keys("C-c");
      terminal.awaitPrompt();
      terminal.line("stty -g | cmp - before && echo 'again as' before");
      terminal.await("again as before");
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void aShellCompletesCommandsOptionsAndRules(Jdks.Jdk jdk) {
    DescryJvm jvm = new DescryJvm(jdk, "terminal-completion");
    try (Tmux terminal = new Tmux(jvm.directory())) {
      terminal.line("alias descry=\"" + descry(jdk) + "\"");
      terminal.line("source <(" + descry(jdk) + " generate-completion) && echo rea''dy");
      terminal.await("ready");
      terminal.type("descry att");
      terminal.keys("Tab");
      terminal.await("descry attach");
      terminal.keys("C-u");
      terminal.type("descry top --pl");
      terminal.keys("Tab");
      terminal.await("descry top --plain");
      terminal.keys("C-u");
      terminal.type("descry explain peer");
      terminal.keys("Tab");
      terminal.await("descry explain peer-gone");
      terminal.keys("Enter");
      terminal.await("What it means");
    }
  }

  private static String descry(Jdks.Jdk jdk) {
    return String.join(" ", Cli.of(jdk).words());
  }
}
