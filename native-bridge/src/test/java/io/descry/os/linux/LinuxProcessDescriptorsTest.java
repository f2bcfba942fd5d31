package io.descry.os.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Descriptor;
import io.descry.os.DescriptorSnapshot;
import io.descry.os.Failures;
import io.descry.os.Kind;
import io.descry.os.ProcessDescriptors;
import java.io.File;
import java.io.FileInputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxProcessDescriptorsTest {
  private final ProcessDescriptors adapter = ProcessDescriptors.ofThisProcess();

  @BeforeEach
  void isTheAdapterInQuestion() {
    assertThat(adapter).isInstanceOf(LinuxProcessDescriptors.class);
    assertThat(adapter.blind()).isEmpty();
  }

  @AfterEach
  void close() {
    adapter.close();
  }

  @Test
  void theCountIsTheLengthOfTheListAndFollowsEveryOpenAndClose() {
    try (RawDescriptors raw = new RawDescriptors()) {
      int before = adapter.count();
      assertThat(adapter.snapshot().descriptors()).hasSize(before);
      raw.eventfd();
      raw.eventfd();
      assertThat(adapter.count()).isEqualTo(before + 2);
      assertThat(adapter.snapshot().descriptors()).hasSize(before + 2);
    }
  }

  @Test
  void numbersAscendAndAScanOpensNothing() {
    List<Descriptor> first = adapter.snapshot().descriptors();
    List<Descriptor> second = adapter.snapshot().descriptors();
    assertThat(first).isSortedAccordingTo(Comparator.comparingInt(Descriptor::number));
    assertThat(numbers(second)).isEqualTo(numbers(first));
  }

  @Test
  void whatDescryHoldsIsSeenByNobody() {
    int before = new File("/proc/self/fd").list().length;
    try (ProcessDescriptors other = ProcessDescriptors.ofThisProcess()) {
      int after = new File("/proc/self/fd").list().length;
      assertThat(after - before).as("a directory and a spare").isEqualTo(2);
      DescriptorSnapshot seen = other.snapshot();
      // The list in this test is a descriptor as well; JNA may hold one, the first adapter has two.
      assertThat(seen.descriptors().size() + seen.own()).isEqualTo(after - 1);
      assertThat(seen.own()).isBetween(2, 3);
    }
    assertThat(new File("/proc/self/fd").list()).hasSize(before);
  }

  @Test
  void whatIsNamedAsOwnIsLeftOutUntilItIsDisowned() {
    try (RawDescriptors raw = new RawDescriptors()) {
      int before = adapter.count();
      int own = adapter.snapshot().own();
      int number = raw.eventfd();
      adapter.own(number);
      assertThat(adapter.count()).isEqualTo(before);
      assertThat(Seen.by(adapter)).doesNotContainKey(number);
      assertThat(adapter.snapshot().own()).isEqualTo(own + 1);
      adapter.disown(number);
      assertThat(adapter.count()).isEqualTo(before + 1);
      assertThat(Seen.by(adapter)).containsKey(number);
    }
  }

  @Test
  void whatComesAndGoesDuringAScanIsAbsentOrRight(@TempDir Path directory) throws Exception {
    Path changing = Files.createFile(directory.toRealPath().resolve("changing"));
    AtomicBoolean stop = new AtomicBoolean();
    Thread churn =
        new Thread(
            () -> {
              try (RawDescriptors raw = new RawDescriptors()) {
                while (!stop.get()) {
                  new FileInputStream(changing.toFile()).close();
                  raw.close(raw.eventfd());
                }
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    Path staying = Files.createFile(directory.toRealPath().resolve("staying"));
    try (FileInputStream stays = new FileInputStream(staying.toFile())) {
      assertThat(stays.getFD().valid()).isTrue();
      Object inode = Files.getAttribute(changing, "unix:ino");
      churn.start();
      for (int i = 0; i < 300; i++) {
        assertThat(Seen.at(adapter, staying).kind()).isEqualTo(Kind.FILE);
        for (Descriptor seen : adapter.snapshot().descriptors()) {
          if (seen.target().equals(changing.toString())) {
            assertThat(seen.inode()).isEqualTo(inode);
          }
        }
      }
    } finally {
      stop.set(true);
      churn.join();
    }
    assertThat(adapter.failures()).isEmpty();
  }

  @Test
  void anApplicationThatClosesWhatIsNotItsOwnLosesNothingByDescry(@TempDir Path directory)
      throws Exception {
    Path path = directory.toRealPath().resolve("file");
    Files.write(path, new byte[10]);
    HeldDirectory held = new HeldDirectory(architecture(), new Failures());
    int[] numbers = {held.number(), held.spare()};
    for (int number : numbers) {
      Libc.close(number);
    }
    try (RandomAccessFile a = new RandomAccessFile(path.toFile(), "r");
        RandomAccessFile b = new RandomAccessFile(path.toFile(), "r")) {
      a.seek(5);
      b.seek(6);
      assertThat(Seen.by(adapter).get(numbers[0]).kind()).isEqualTo(Kind.FILE);
      assertThat(held.list()).contains(numbers[0], numbers[1], held.number(), held.spare());
      assertThat(held.read("/proc/self/limits")).contains("Max open files");
      held.close();
      assertThat(List.of(a.getFilePointer(), b.getFilePointer())).containsExactly(5L, 6L);
      assertThat(List.of(a.read(), b.read())).as("still open").containsExactly(0, 0);
    }
  }

  @Test
  void aFilterThatRefusesStatxChangesNothing() {
    FileStatus statx = new FileStatus(architecture());
    FileStatus fstat = new FileStatus(architecture(), false);
    try (RawDescriptors raw = new RawDescriptors()) {
      for (int fd : new int[] {raw.open("/dev/null"), raw.open("/"), raw.open("/proc/self/exe")}) {
        assertThat(statx.read(fd)).isZero();
        assertThat(fstat.read(fd)).isZero();
        assertThat(List.of(fstat.device, fstat.inode, fstat.size))
            .isEqualTo(List.of(statx.device, statx.inode, statx.size));
        assertThat(fstat.mode & FileStatus.S_IFMT).isEqualTo(statx.mode & FileStatus.S_IFMT);
      }
      assertThat(fstat.read(-1)).isEqualTo(Errno.EBADF);
      assertThat(statx.read(-1)).isEqualTo(Errno.EBADF);
    } finally {
      statx.free();
      fstat.free();
    }
  }

  @Test
  void limitsAreThoseOfTheKernel() throws Exception {
    String text = Files.readString(Path.of("/proc/self/limits"));
    assertThat(adapter.limits()).isEqualTo(EarlyLook.limits(text));
    assertThat(adapter.limits().soft()).isPositive();
  }

  @Test
  void neitherDescryNorTheJdkIsAmongTheLibraries() {
    assertThat(adapter.libraries())
        .noneMatch(path -> path.contains("libjvm.so"))
        .noneMatch(path -> path.contains("libjnidispatch"))
        .noneMatch(path -> path.contains("/libc.so"));
  }

  @Test
  void closedItAnswersAndAsksNothing() {
    adapter.close();
    adapter.close();
    assertThat(adapter.count()).isEqualTo(-1);
    assertThat(adapter.snapshot().descriptors()).isEmpty();
    assertThat(adapter.libraries()).isEmpty();
    assertThat(adapter.limits().soft()).isEqualTo(-1);
  }

  private static Architecture architecture() {
    return Architecture.of(System.getProperty("os.arch"));
  }

  private static List<Integer> numbers(List<Descriptor> descriptors) {
    return descriptors.stream().map(Descriptor::number).toList();
  }
}
