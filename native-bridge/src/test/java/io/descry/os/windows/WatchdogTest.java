package io.descry.os.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.descry.os.Blind;
import io.descry.os.Descriptor;
import io.descry.os.Failure;
import io.descry.os.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Files that do not answer, as a synchronous pipe that the application reads from. */
class WatchdogTest {
  private static final Duration PATIENCE = Duration.ofMillis(50);
  private static final Duration BUDGET = Duration.ofMinutes(1);
  private static final String WHAT = "what some files lead to";

  /** Handles of {@code silent} answer once the application's read has ended. */
  private static final class Silent extends FakeWindows {
    final Set<Integer> silent = ConcurrentHashMap.newKeySet();
    final Set<Integer> broken = ConcurrentHashMap.newKeySet();
    final CountDownLatch read = new CountDownLatch(1);
    final AtomicInteger asked = new AtomicInteger();
    final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    @Override
    public int fileType(long handle) {
      asked.incrementAndGet();
      threads.add(Thread.currentThread());
      if (broken.contains((int) handle)) {
        throw new IllegalStateException("a fault of Descry's, which ends the thread");
      }
      if (silent.contains((int) handle)) {
        try {
          read.await();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
      return super.fileType(handle);
    }
  }

  private final Silent windows = new Silent();
  private final WindowsProcessDescriptors adapter =
      new WindowsProcessDescriptors(windows, null, PATIENCE, BUDGET);

  @AfterEach
  void close() throws InterruptedException {
    windows.read.countDown();
    adapter.close();
    for (Thread thread : windows.threads) {
      thread.join(); // what it asked by is freed
    }
  }

  private Descriptor seen(int number) {
    return adapter.snapshot().descriptors().stream()
        .filter(one -> one.number() == number)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void noFileIsAskedByTheThreadThatScans() {
    assertThat(seen(12).kind()).isEqualTo(Kind.FILE);
    assertThat(windows.threads).hasSize(1).doesNotContain(Thread.currentThread());
    assertThat(windows.threads).allMatch(Thread::isDaemon);
  }

  @Test
  void aHandleThatDoesNotAnswerKeepsNoOtherFromBeingToldAndIsAskedOnce() throws Exception {
    windows.silent.add(12);
    assertThat(List.of(seen(12).kind(), seen(12).target())).containsExactly(Kind.OTHER, "File");
    assertThat(seen(16).kind()).isEqualTo(Kind.PIPE);
    assertThat(seen(20).kind()).isEqualTo(Kind.FILE);
    assertThat(windows.asked.get()).as("one that is stuck, two in each of four scans").isEqualTo(9);
    assertThat(adapter.blind()).extracting(Blind::what).contains(WHAT);
    assertThat(adapter.snapshot().descriptors()).hasSize(5);

    windows.silent.clear();
    windows.read.countDown();
    while (adapter.blind().stream().anyMatch(blind -> blind.what().equals(WHAT))) {
      Thread.sleep(1);
    }
    assertThat(seen(12).kind()).isEqualTo(Kind.FILE);
  }

  @Test
  void ofManyThatDoNotAnswerSomeHoldAThreadAndThenNoneIsAsked() {
    for (int i = 0; i < 3 * Watchdog.MOST_STUCK; i++) {
      windows.things.put(100 + 4 * i, FakeWindows.Thing.pipe("\\Device\\NamedPipe\\x"));
      windows.silent.add(100 + 4 * i);
    }
    for (int i = 0; i < 3; i++) {
      assertThat(adapter.snapshot().descriptors()).hasSize(5 + 3 * Watchdog.MOST_STUCK);
    }
    assertThat(windows.threads).hasSize(Watchdog.MOST_STUCK);
    assertThat(adapter.blind())
        .filteredOn(blind -> blind.what().equals(WHAT))
        .singleElement()
        .extracting(Blind::why)
        .asString()
        .startsWith("16 handles")
        .endsWith("so that no other is asked");
  }

  @Test
  void aScanWaitsForNoMoreThanItsBudget() {
    for (int i = 0; i < 8; i++) {
      windows.things.put(100 + 4 * i, FakeWindows.Thing.pipe("\\Device\\NamedPipe\\x"));
      windows.silent.add(100 + 4 * i);
    }
    try (WindowsProcessDescriptors hurried =
        new WindowsProcessDescriptors(windows, null, PATIENCE, PATIENCE.multipliedBy(2))) {
      hurried.snapshot();
      assertThat(windows.threads).hasSize(2);
    }
  }

  @Test
  void aThreadThatFailsIsReplaced() {
    windows.broken.add(12);
    assertThat(seen(12).kind()).isEqualTo(Kind.OTHER);
    assertThat(seen(20).kind()).isEqualTo(Kind.FILE);
    assertThat(adapter.blind()).extracting(Blind::what).doesNotContain(WHAT);
    assertThat(adapter.failures())
        .extracting(Failure::operation, Failure::errno)
        .containsExactly(tuple("file queries", "IllegalStateException"));
  }

  @Test
  void whoeverInterruptsAScanGetsAnEnd() {
    windows.silent.add(12);
    Thread.currentThread().interrupt();
    assertThat(adapter.snapshot().descriptors()).hasSize(5);
    assertThat(Thread.interrupted()).isTrue();
  }
}
