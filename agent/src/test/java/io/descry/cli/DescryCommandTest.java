package io.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DescryCommandTest {
  @TempDir Path directory;

  private record Result(int status, String out, String err) {}

  private static Result run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status = DescryCommand.run(new PrintStream(out), new PrintStream(err), arguments);
    return new Result(status, out.toString(), err.toString());
  }

  @Test
  void eachCommandHasHelpWithExamplesAndItsExitStatus() {
    Map<String, CommandLine> commands = DescryCommand.line().getSubcommands();
    assertThat(commands.keySet())
        .containsExactlyInAnyOrder(
            "list",
            "attach",
            "report",
            "top",
            "diff",
            "explain",
            "doctor",
            "demo",
            "lab",
            "generate-completion");
    commands.keySet().stream()
        .filter(name -> !name.equals("generate-completion"))
        .forEach(
            name -> {
              Result help = run(name, "--help");
              assertThat(help.status()).isZero();
              assertThat(help.out())
                  .contains("Usage: descry " + name, "Examples:", "Exit status:", "descry " + name)
                  .containsPattern("(?m)^ +0 +\\w")
                  .containsPattern("(?m)^ +2 +\\w");
            });
    assertThat(run("--help").out()).contains("generate-completion", "-javaagent:descry.jar");
    assertThat(run("--version").out()).startsWith("descry ");
  }

  @Test
  void whatIsNoCommandIsSaid() {
    assertThat(run().status()).isEqualTo(2);
    assertThat(run("atach").err()).contains("atach").contains("attach");
    assertThat(run("attach", "soon").err()).contains("'soon' is not a long");
    assertThat(run("attach", "soon").status()).isEqualTo(2);
    assertThat(run("lab").err()).contains("--list");
  }

  @Test
  void completionKnowsTheCommandsAndTheRules() {
    Result script = run("generate-completion");
    assertThat(script.status()).isZero();
    assertThat(script.out()).contains("complete -F _complete_descry", "doctor", "lifetime-outlier");
  }

  @Test
  void optionsAreLookedAtBeforeAnyProcessIsTouched() {
    Result wrong = run("attach", "999999999", "intervall=5s", "stacks=some");
    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.err())
        .contains("descry: there is no option 'intervall'")
        .contains("descry: option stacks=some is not all, budget or none");
    assertThat(run("attach", "999999999").err()).contains("there is no process 999999999");
  }

  @Test
  void everyRuleThatExistsIsExplained() throws IOException {
    List<String> names = new ArrayList<>();
    for (JavaClass type :
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.descry.detect")) {
      type.getFields().stream()
          .filter(field -> field.getName().equals("NAME"))
          .forEach(field -> names.add(value(field.reflect())));
    }
    // A type of evidence, which is never a finding of its own.
    names.remove("idle");
    assertThat(names).hasSizeGreaterThanOrEqualTo(15);
    assertThat(RuleGuide.rules().keySet()).containsExactlyInAnyOrderElementsOf(names);
    for (String name : names) {
      Result explained = run("explain", name);
      assertThat(explained.status()).isZero();
      assertThat(explained.out())
          .startsWith(name + "\n\nWhat it means\n")
          .contains("\nHow sure\n", "\nEvidence\n", "\nCheck by hand\n", "\nWhat to do\n")
          .doesNotContain("](", "**", "`");
      assertThat(run("explain").out()).containsPattern("(?m)^" + name + " +\\w");
    }
    JsonNode json = new ObjectMapper().readTree(run("explain", "peer-gone", "--json").out());
    assertThat(json.at("/0/sections/What to do").asText()).contains("Close it");
    assertThat(json.at("/0/thresholds/0/key").asText()).isEqualTo("threshold.peergone");
    assertThat(json.at("/0/thresholds/0/default").asText()).isEqualTo("5s");
    assertThat(run("explain", "grwth").err()).contains("no rule 'grwth'").contains("growth,");
  }

  private static String value(Field field) {
    try {
      field.setAccessible(true);
      return (String) field.get(null);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theDoctorsAnswersGiveTheStatus() {
    Check well = new Check("one", Check.System.ANY, () -> Check.Answer.ok("fine"));
    Check less = new Check("two", Check.System.ANY, () -> Check.Answer.limited("less\033[2J"));
    Check ill =
        new Check(
            "three",
            Check.System.ANY,
            () -> {
              throw new IOException("none");
            });
    Check elsewhere =
        new Check("four", Check.System.WINDOWS, () -> Check.Answer.failed("not asked here"));
    StringWriter out = new StringWriter();
    assertThat(DoctorCommand.show(List.of(well, less, elsewhere), false, new PrintWriter(out)))
        .isZero();
    assertThat(out.toString())
        .contains("ok       one", "limited  two            less\\u001b[2J", "sees less")
        .doesNotContain("four");
    assertThat(DoctorCommand.show(List.of(well, ill), true, new PrintWriter(out))).isEqualTo(1);
    assertThat(out.toString()).contains("\"state\" : \"failed\"", "java.io.IOException: none");
  }

  @Test
  void theDoctorKnowsWhatIsTooOld() throws IOException {
    assertThat(LinuxChecks.kernel("6.18.44-x").state()).isEqualTo(Check.State.OK);
    assertThat(LinuxChecks.kernel("4.17.0").state()).isEqualTo(Check.State.FAILED);
    assertThat(LinuxChecks.kernel("5.10.0-37-amd64").text()).contains("before 6.2");
    assertThat(LinuxChecks.processor("riscv64").state()).isEqualTo(Check.State.LIMITED);
    assertThat(JavaChecks.version(11).state()).isEqualTo(Check.State.FAILED);
    Path maps = Files.writeString(directory.resolve("maps"), line("/lib/ld-musl-x86_64.so.1"));
    assertThat(LinuxChecks.library(maps).text()).startsWith("musl");
    Path libc =
        Files.writeString(
            directory.resolve("libc.so.6"), "\0GNU C Library (x) stable release version 2.12.\n");
    Files.writeString(maps, line(libc.toString()));
    assertThat(LinuxChecks.library(maps).text()).startsWith("glibc 2.12; ");
  }

  private static String line(String path) {
    return "7f00-7f01 r-xp 00000000 fe:01 42                         " + path + "\n";
  }

  @Test
  void aProcessIsReadAsProcShowsIt() throws IOException {
    Path proc = Files.createDirectories(directory.resolve("47"));
    Files.writeString(
        proc.resolve("status"),
        "State:\tS (sleeping)\nUid:\t1\t1000\t1\t1\nNSpid:\t47\t1\nSigCgt:\t0000000000000004\n");
    Files.writeString(
        proc.resolve("cmdline"),
        "java\0-Xmx1g\0-cp\0a.jar\0com.acme.Main\0--port\0" + "8\033080\0");
    Files.writeString(
        proc.resolve("environ"), "A=b\0JDK_JAVA_OPTIONS=-Xss1m -XX:+DisableAttachMechanism\0");
    Files.writeString(proc.resolve("maps"), line("/jdk/lib/server/libjvm.so"));
    Path thread = Files.createDirectories(proc.resolve("task/48"));
    Files.writeString(thread.resolve("comm"), "descry-scan\n");
    JvmProcess process = new JvmProcess(47, directory);

    assertThat(process.exists()).isTrue();
    assertThat(process.isJvm()).isTrue();
    assertThat(process.uid()).isEqualTo(1000);
    assertThat(process.catchesQuit()).isTrue();
    assertThat(process.forbidsAttaching()).isTrue();
    assertThat(process.runsDescry()).isTrue();
    assertThat(process.command()).isEqualTo("com.acme.Main --port 8\\u001b080");
    Files.writeString(
        proc.resolve("cmdline"), "java\0-XX:-DisableAttachMechanism\0-jar\0app.jar\0");
    assertThat(process.forbidsAttaching()).as("the command line comes last").isFalse();
    assertThat(process.command()).isEqualTo("app.jar");
    assertThat(new JvmProcess(48, directory).exists()).isFalse();
  }
}
