package io.descry.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThisProcessTest {
  @TempDir Path root;

  @Test
  void knowsTheProcess() {
    ProcessFacts facts = ThisProcess.facts();

    assertThat(facts.pid()).isEqualTo(ProcessHandle.current().pid());
    assertThat(facts.java()).startsWith(String.valueOf(Runtime.version().feature()));
    assertThat(facts.vm()).contains(System.getProperty("java.vm.name"));
    assertThat(facts.kernel()).isEqualTo(System.getProperty("os.version"));
    assertThat(facts.command()).isNotBlank();
  }

  @Test
  void boundsTheCommand() {
    assertThat(ThisProcess.command(null)).isEqualTo("unknown");
    assertThat(ThisProcess.command("Main a b")).isEqualTo("Main a b");
    assertThat(ThisProcess.command("x".repeat(100_000))).hasSize(1003).endsWith("x...");
  }

  @Test
  void knowsContainersByTheirMarks() throws IOException {
    assertThat(ThisProcess.container(root, Map.of())).isNull();
    assertThat(ThisProcess.container(root, Map.of("container", "lxc"))).isEqualTo("lxc");
    assertThat(ThisProcess.container(root, Map.of("container", "evil\nname"))).isNull();

    Files.createDirectories(root.resolve("run/systemd"));
    Files.writeString(root.resolve("run/systemd/container"), "systemd-nspawn\n");
    assertThat(ThisProcess.container(root, Map.of())).isEqualTo("systemd-nspawn");

    Files.createFile(root.resolve(".dockerenv"));
    assertThat(ThisProcess.container(root, Map.of())).isEqualTo("docker");

    Files.createFile(root.resolve("run/.containerenv"));
    assertThat(ThisProcess.container(root, Map.of())).isEqualTo("podman");
    assertThat(ThisProcess.container(root, Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1")))
        .isEqualTo("kubernetes");
  }
}
