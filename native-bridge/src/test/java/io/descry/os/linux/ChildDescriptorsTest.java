package io.descry.os.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.ChildHold;
import io.descry.os.Descriptor;
import io.descry.os.ProcessDescriptors;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChildDescriptorsTest {
  private final ProcessDescriptors adapter = ProcessDescriptors.ofThisProcess();

  @AfterEach
  void close() {
    adapter.close();
  }

  @Test
  void whatANativeChildInheritsIsSeenAndWhatIsClosedOnExecIsNot() throws Exception {
    try (RawDescriptors raw = new RawDescriptors()) {
      int file = raw.open("/proc/self/status");
      int[] pipe = raw.pipe();
      int event = raw.eventfd();
      int marked = raw.eventfd();
      raw.closeOnExec(marked);
      raw.closeOnExec(pipe[1]);
      List<Descriptor> asked = described(file, pipe[0], pipe[1], event, marked);
      assertThat(adapter.heldByChildren(asked)).isEmpty();
      try (NativeChild child = NativeChild.start("sleep", "60")) {
        List<ChildHold> holds = adapter.heldByChildren(asked);
        assertThat(holds)
            .containsExactlyInAnyOrder(
                new ChildHold(child.pid(), "sleep", file, true),
                new ChildHold(child.pid(), "sleep", pipe[0], true),
                new ChildHold(child.pid(), "sleep", event, true));
      }
      assertThat(adapter.heldByChildren(asked)).isEmpty();
    }
  }

  /** childproc.c of the JDK closes all numbers above 2 before it runs the program. */
  @Test
  void childrenOfTheJdkHoldNothing() throws Exception {
    try (RawDescriptors raw = new RawDescriptors()) {
      List<Descriptor> asked = described(raw.eventfd(), raw.pipe()[0]);
      Process child = new ProcessBuilder("sleep", "60").start();
      try {
        // Until the helper between has become the program.
        while (!child.info().command().orElse("").endsWith("sleep")) {
          Thread.sleep(10);
        }
        assertThat(adapter.heldByChildren(asked)).isEmpty();
      } finally {
        child.destroyForcibly().waitFor();
      }
    }
  }

  /** As a child of fork(2) does, it holds what Descry itself closes on execve(2). */
  @Test
  void aChildThatHoldsWhatIsClosedOnExecIsNotSpokenOf() throws Exception {
    try (RawDescriptors raw = new RawDescriptors()) {
      List<Descriptor> asked = described(raw.eventfd(), raw.pipe()[0]);
      String own = "/proc/" + ProcessHandle.current().pid() + "/fd";
      for (String number : new File("/proc/self/fd").list()) {
        Path link = Path.of("/proc/self/fd", number);
        if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)
            && Files.readSymbolicLink(link).toString().equals(own)) {
          assertThat(Libc.fcntl(Integer.parseInt(number), Libc.F_SETFD, 0)).isZero();
        }
      }
      try (NativeChild child = NativeChild.start("sleep", "60")) {
        assertThat(child.pid()).isPositive();
        assertThat(adapter.heldByChildren(asked)).isEmpty();
      }
    }
  }

  private List<Descriptor> described(int... numbers) {
    List<Descriptor> described = new ArrayList<>();
    for (Descriptor descriptor : adapter.snapshot().descriptors()) {
      for (int number : numbers) {
        if (descriptor.number() == number) {
          described.add(descriptor);
        }
      }
    }
    assertThat(described).hasSize(numbers.length);
    return described;
  }
}
