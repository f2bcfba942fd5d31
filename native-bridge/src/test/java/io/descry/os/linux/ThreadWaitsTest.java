package io.descry.os.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.descry.os.Blind;
import io.descry.os.ProcessDescriptors;
import io.descry.os.ThreadStay;
import io.descry.os.ThreadWait;
import io.descry.os.ThreadWaits;
import io.descry.os.WaitCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Selector;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ThreadWaitsTest {
  private static final int POLLIN = 1;

  /** select(2) of x86-64. */
  private static final int SELECT = 23;

  private static final String PARKED = "-1 0x7ffc 0x7f07";

  private final ProcessDescriptors adapter = ProcessDescriptors.ofThisProcess();
  private final ProcfsReader plain = new ProcfsReader("test");

  @AfterEach
  void close() {
    assertThat(adapter.failures()).isEmpty();
    assertThat(adapter.blind()).isEmpty();
    adapter.close();
  }

  @Test
  void aSelectorIsWaitedOnWhileAThreadSelects() throws Exception {
    Set<Integer> before = eventpolls();
    try (Selector selector = Selector.open()) {
      Set<Integer> opened = eventpolls();
      opened.removeAll(before);
      int number = opened.iterator().next();
      assertThat(adapter.waits().numbers(WaitCall.EPOLL_WAIT)).doesNotContain(number);
      Thread thread = new Thread(() -> select(selector), "selecting");
      thread.start();
      ThreadWait wait = await(adapter, WaitCall.EPOLL_WAIT, number);
      assertThat(await(plain, WaitCall.EPOLL_WAIT, number)).isEqualTo(wait);
      assertThat(adapter.threadName(wait.thread())).isEqualTo("selecting");
      assertThat(plain.threadName(wait.thread())).isEqualTo("selecting");
      selector.wakeup();
      thread.join();
      ThreadWaits after = adapter.waits();
      assertThat(after.numbers(WaitCall.EPOLL_WAIT)).doesNotContain(number);
    }
  }

  @Test
  void aThreadThatReadsNamesItsPipeAndOneThatIsParkedNothing() throws Exception {
    try (RawDescriptors raw = new RawDescriptors();
        NativeMemory memory = new NativeMemory(8)) {
      int[] pipe = raw.pipe();
      int[] unread = raw.pipe();
      Thread reading = new Thread(() -> Libc.read(pipe[0], memory.address(0), 1));
      Thread parked = new Thread(LockSupport::park);
      parked.setDaemon(true);
      reading.start();
      parked.start();
      await(adapter, WaitCall.READ, pipe[0]);
      await(adapter, WaitCall.FUTEX, ThreadWait.NO_NUMBER);
      assertThat(adapter.waits().numbers(WaitCall.READ)).doesNotContain(unread[0]);
      assertThat(adapter.waits().numbers(WaitCall.FUTEX)).isEmpty();
      raw.write(pipe[1]);
      reading.join();
      LockSupport.unpark(parked);
    }
  }

  @Test
  void aNumberThatIsClosedUnderItsReaderIsSeenClosed() throws Exception {
    try (RawDescriptors raw = new RawDescriptors();
        NativeMemory memory = new NativeMemory(8)) {
      int[] pipe = raw.pipe();
      Thread reading = new Thread(() -> Libc.read(pipe[0], memory.address(0), 1));
      reading.start();
      ThreadWait wait = await(adapter, WaitCall.READ, pipe[0]);
      assertThat(wait.closed()).isFalse();
      raw.close(pipe[0]);
      assertThat(await(adapter, WaitCall.READ, pipe[0]))
          .isEqualTo(new ThreadWait(wait.thread(), WaitCall.READ, pipe[0], true));
      raw.write(pipe[1]);
      reading.join();
      assertThat(adapter.waits().waits()).noneMatch(ThreadWait::closed);
    }
  }

  @Test
  void aThreadThatPollsNamesAllThatItPolls() throws Exception {
    try (RawDescriptors raw = new RawDescriptors();
        NativeMemory memory = new NativeMemory(24)) {
      int[] pipe = raw.pipe();
      int[] other = raw.pipe();
      memory.put32(0, pipe[0]);
      memory.put32(4, POLLIN);
      memory.put32(8, -1);
      memory.put32(12, POLLIN);
      memory.put32(16, other[0]);
      memory.put32(20, POLLIN);
      Thread polling = new Thread(() -> Libc.poll(memory.address(0), 3, -1));
      polling.start();
      ThreadWait wait = await(adapter, polls(WaitCall.POLL, pipe[0]));
      assertThat(wait.number()).isEqualTo(ThreadWait.NO_NUMBER);
      assertThat(wait.numbers()).containsExactly(pipe[0], other[0]);
      assertThat(adapter.isClosed(pipe[0])).isFalse();
      raw.close(pipe[0]);
      assertThat(adapter.isClosed(pipe[0])).isTrue();
      assertThat(await(adapter, polls(WaitCall.POLL, pipe[0]))).isEqualTo(wait);
      assertThat(plain.waits().waits()).allMatch(one -> one.polled().isEmpty());
      raw.write(other[1]);
      polling.join();
    }
  }

  @Test
  void aThreadThatSelectsNamesAllThatItSelects() throws Exception {
    assumeThat(System.getProperty("os.arch")).as("the call's number").isEqualTo("amd64");
    try (RawDescriptors raw = new RawDescriptors();
        NativeMemory memory = new NativeMemory(256)) {
      int[] pipe = raw.pipe();
      for (int at = 0; at < memory.size(); at += 8) {
        memory.put64(at, 0);
      }
      memory.put64(pipe[0] / 64 * 8, 1L << pipe[0] % 64);
      int beyond = pipe[0] + 1;
      Thread selecting =
          new Thread(
              () -> Libc.syscall(SELECT, beyond, memory.address(0), 0, memory.address(128), 0));
      selecting.start();
      ThreadWait wait = await(adapter, polls(WaitCall.SELECT, pipe[0]));
      assertThat(wait.numbers()).containsExactly(pipe[0]);
      raw.write(pipe[1]);
      selecting.join();
    }
  }

  @Test
  void memoryThatIsGoneIsNoNumberAndIsSaid() {
    ThreadSampler sampler =
        new ThreadSampler(
            Architecture.X86_64,
            path -> "7 0x1000 0x3 0xffffffff 0x0 0x0 0x0 0x1 0x2",
            number -> true,
            new PolledNumbers());
    ThreadWaits waits = sampler.sample(Instant.EPOCH, new int[] {1});
    assertThat(waits.waits()).containsExactly(new ThreadWait(1, WaitCall.POLL, -1));
    assertThat(sampler.blind())
        .extracting(Blind::what)
        .containsExactly("which descriptors threads poll");
  }

  @Test
  void aThreadThatSleepsOnHasCountedNothingMeanwhileAndOneThatCameBackHas() throws Exception {
    try (RawDescriptors raw = new RawDescriptors();
        NativeMemory memory = new NativeMemory(8)) {
      int[] pipe = raw.pipe();
      Thread reading =
          new Thread(
              () -> {
                Libc.read(pipe[0], memory.address(0), 1);
                Libc.read(pipe[0], memory.address(0), 1);
              },
              "a) S 1 (b");
      reading.start();
      int thread = await(adapter, WaitCall.READ, pipe[0]).thread();
      ThreadStay first = adapter.stay(thread);
      assertThat(first.started()).isPositive();
      await(adapter, WaitCall.READ, pipe[0]);
      assertThat(adapter.stay(thread)).isEqualTo(first);
      raw.write(pipe[1]);
      ThreadStay second = first;
      for (int look = 0; look < 500 && second.equals(first); look++) {
        Thread.sleep(10);
        second = adapter.stay(thread);
      }
      await(adapter, WaitCall.READ, pipe[0]);
      assertThat(second.started()).isEqualTo(first.started());
      assertThat(second.sleeps()).isGreaterThan(first.sleeps());
      raw.write(pipe[1]);
      reading.join();
      assertThat(adapter.stay(Integer.MAX_VALUE)).isNull();
      assertThat(plain.stay(thread)).isNull();
    }
  }

  @Test
  void aWaitThatEndedMeanwhileIsNotSeenClosed() {
    String[] texts = {"0 0x7 0x0 0x0 0x0 0x0 0x0 0x1 0x2", "0 0x7 0x0 0x0 0x0 0x0 0x0 0x9 0x2"};
    int[] asked = new int[1];
    ThreadSampler sampler =
        new ThreadSampler(
            Architecture.X86_64, path -> texts[asked[0]++ % texts.length], number -> true, null);
    assertThat(sampler.sample(Instant.EPOCH, new int[] {1}).waits())
        .containsExactly(new ThreadWait(1, WaitCall.READ, 7));
    texts[1] = texts[0];
    assertThat(sampler.sample(Instant.EPOCH, new int[] {1}).waits())
        .containsExactly(new ThreadWait(1, WaitCall.READ, 7, true));
  }

  @Test
  void everyThreadIsListedAndAnswers() {
    AtomicBoolean over = new AtomicBoolean();
    // The thread that asks is in the call by which it asks.
    Thread busy =
        new Thread(
            () -> {
              while (!over.get()) {
                Thread.onSpinWait();
              }
            });
    busy.start();
    ThreadWaits waits = adapter.waits();
    over.set(true);
    assertThat(waits.complete()).isTrue();
    assertThat(waits.threads()).contains((int) ProcessHandle.current().pid());
    assertThat(waits.running()).as("the busy thread at least").isPositive();
    assertThat(waits.threads().size()).isGreaterThanOrEqualTo(waits.waits().size() + 1);
    assertThat(adapter.threadName(Integer.MAX_VALUE)).isNull();
    adapter.close();
    assertThat(adapter.waits().complete()).isFalse();
    assertThat(adapter.threadName((int) ProcessHandle.current().pid())).isNull();
  }

  @Test
  void tooManyThreadsAreAskedInTurn() {
    int count = 2 * ThreadSampler.AT_ONCE + 10;
    int[] threads = IntStream.range(1, count + 1).map(i -> 3 * i).toArray();
    Set<String> asked = new HashSet<>();
    ThreadSampler sampler =
        new ThreadSampler(
            Architecture.X86_64,
            path -> {
              asked.add(path);
              return PARKED;
            });
    for (int scan = 1; scan <= 3; scan++) {
      ThreadWaits waits = sampler.sample(Instant.EPOCH, threads.clone());
      assertThat(waits.running()).isEqualTo(ThreadSampler.AT_ONCE);
      assertThat(waits.unasked()).isEqualTo(count - ThreadSampler.AT_ONCE);
      assertThat(waits.complete()).isFalse();
      assertThat(asked).hasSize(Math.min(count, scan * ThreadSampler.AT_ONCE));
    }
  }

  @Test
  void whoHasEndedIsNoThreadAndWhoIsRefusedIsCounted() {
    ThreadSampler sampler = new ThreadSampler(Architecture.X86_64, path -> null);
    int here = (int) ProcessHandle.current().pid();
    ThreadWaits waits = sampler.sample(Instant.EPOCH, new int[] {here, Integer.MAX_VALUE});
    assertThat(waits.threads()).containsExactly(here);
    assertThat(waits.refused()).isEqualTo(1);
    assertThat(waits.complete()).isFalse();
    assertThat(sampler.blind().get(0).what()).contains("threads wait");
  }

  @Test
  void anUnknownProcessorIsBlind() {
    ThreadSampler sampler = new ThreadSampler(null, path -> PARKED);
    assertThat(sampler.sample(Instant.EPOCH, new int[] {1}).refused()).isEqualTo(1);
    assertThat(sampler.blind()).isNotEmpty();
  }

  @Test
  void textsOfTheKernel() {
    SystemCalls x86 = new SystemCalls(Architecture.X86_64);
    SystemCalls aarch64 = new SystemCalls(Architecture.AARCH64);
    assertThat(x86.wait(1, "running\n")).isNull();
    assertThat(x86.wait(1, PARKED)).isNull();
    String rest = " 0x7 0x1 0x2 0xffffffffffffffff 0x0 0x8 0x7ffc 0x7f07\n";
    assertThat(x86.wait(5, "232" + rest)).isEqualTo(new ThreadWait(5, WaitCall.EPOLL_WAIT, 7));
    assertThat(aarch64.wait(5, "22" + rest)).isEqualTo(new ThreadWait(5, WaitCall.EPOLL_WAIT, 7));
    assertThat(aarch64.wait(5, "232" + rest)).isEqualTo(new ThreadWait(5, WaitCall.OTHER, -1));
    assertThat(x86.wait(5, "288" + rest)).isEqualTo(new ThreadWait(5, WaitCall.ACCEPT, 7));
    assertThat(x86.wait(5, "7" + rest)).isEqualTo(new ThreadWait(5, WaitCall.POLL, -1));
    assertThat(x86.wait(5, "23" + rest)).isEqualTo(new ThreadWait(5, WaitCall.SELECT, -1));
    assertThat(x86.wait(5, "202" + rest)).isEqualTo(new ThreadWait(5, WaitCall.FUTEX, -1));
    assertThat(x86.wait(5, "426 0x7 0x0 0x1 0x1 0x0 0x8 0x7ffc 0x7f07"))
        .isEqualTo(new ThreadWait(5, WaitCall.IO_URING_ENTER, 7));
    assertThat(x86.wait(5, "426 0x0 0x0 0x1 0x11 0x0 0x8 0x7ffc 0x7f07"))
        .as("a registered ring has an index of its own")
        .isEqualTo(new ThreadWait(5, WaitCall.IO_URING_ENTER, -1));
    assertThat(Arrays.stream(WaitCall.values()).map(WaitCall::label)).doesNotHaveDuplicates();
  }

  private Set<Integer> eventpolls() {
    Set<Integer> numbers = new HashSet<>();
    adapter.snapshot().descriptors().stream()
        .filter(d -> d.watched() != null)
        .forEach(d -> numbers.add(d.number()));
    return numbers;
  }

  private static void select(Selector selector) {
    try {
      selector.select();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks until some thread waits so; the test fails when none ever does. */
  private static ThreadWait await(ProcessDescriptors adapter, WaitCall call, int number)
      throws InterruptedException {
    return await(adapter, wait -> wait.call() == call && wait.number() == number);
  }

  private static Predicate<ThreadWait> polls(WaitCall call, int number) {
    return wait -> wait.call() == call && wait.polled().contains(number);
  }

  private static ThreadWait await(ProcessDescriptors adapter, Predicate<ThreadWait> wanted)
      throws InterruptedException {
    List<ThreadWait> last = List.of();
    for (int look = 0; look < 500; look++) {
      last = adapter.waits().waits();
      var found = last.stream().filter(wanted).findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      Thread.sleep(10);
    }
    throw new AssertionError("no thread waits so: " + last);
  }
}
