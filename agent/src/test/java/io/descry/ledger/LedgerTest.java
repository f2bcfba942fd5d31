package io.descry.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The ledger by itself: numbers here are made up, or belong to streams that the tests hold. */
class LedgerTest {
  /** Numbers that nothing else in this JVM uses. */
  private static final int FREE = 500_000;

  private static int next = FREE;

  private final int number = next++;
  private final Object owner = new Object();

  @BeforeEach
  void keepAllStacks() {
    Ledger.configure(Ledger.Stacks.ALL, new ThreadGroup("descry-test"));
  }

  @Test
  void anOpenIsOneLiveEntryWithKindThreadTimeAndStack() {
    long before = System.nanoTime();
    Ledger.opened(number, owner, OpenKind.PIPE.ordinal());
    LedgerEntry entry = Ledger.entry(number);
    assertThat(entry.closed()).isFalse();
    assertThat(entry.kind()).isEqualTo(OpenKind.PIPE);
    assertThat(entry.thread()).isEqualTo(Thread.currentThread().getName());
    assertThat(entry.openedNanos() - before).isNotNegative();
    assertThat(((Throwable) entry.site()).getStackTrace())
        .anyMatch(frame -> frame.getMethodName().startsWith("anOpenIsOneLive"));
    assertThat(entry.ownerCollected()).isFalse();
  }

  @Test
  void aCloseTakesItOutAndTheNextOpenIsAnotherUse() {
    Ledger.opened(number, owner, OpenKind.PIPE.ordinal());
    LedgerEntry first = Ledger.entry(number);
    Ledger.closing(number);
    assertThat(first.closed()).isTrue();
    assertThat(first.collected()).isFalse();
    assertThat(first.site()).as("until it is read").isInstanceOf(Throwable.class);
    assertThat(first.takeEnd()).isTrue();
    assertThat(first.takeEnd()).isFalse();
    Ledger.opened(number, new Object(), OpenKind.EVENTFD.ordinal());
    assertThat(Ledger.entry(number)).isNotSameAs(first);
    assertThat(Ledger.entry(number).sequence()).isEqualTo(first.sequence() + 1);
  }

  @Test
  void closingTwiceCountsOnce() {
    long closes = Ledger.closes(OpenKind.INOTIFY);
    Ledger.opened(number, owner, OpenKind.INOTIFY.ordinal());
    Ledger.closing(number);
    Ledger.closing(number);
    assertThat(Ledger.closes(OpenKind.INOTIFY)).isEqualTo(closes + 1);
  }

  @Test
  void aSecondDoorOfTheSameOpenAddsNothing() {
    long opens = Ledger.opens(OpenKind.SOCKET_UNIX);
    Ledger.opened(number, owner, OpenKind.SOCKET_UNIX.ordinal());
    LedgerEntry entry = Ledger.entry(number);
    Ledger.opened(number, owner, OpenKind.SOCKET_UNIX.ordinal());
    assertThat(Ledger.entry(number)).isSameAs(entry);
    assertThat(Ledger.opens(OpenKind.SOCKET_UNIX)).isEqualTo(opens + 1);
  }

  @Test
  void whatWasNeverOpenedCanBeClosed() {
    Ledger.closing(number);
    Ledger.closing(-1);
    Ledger.opened(-1, owner, OpenKind.PATH.ordinal());
    assertThat(Ledger.entry(number)).isNull();
    assertThat(Ledger.entry(-1)).isNull();
  }

  @Test
  void descryIsToldByItsThreadsAndLeavesNoStack() throws InterruptedException {
    ThreadGroup own = new ThreadGroup("descry-own");
    Ledger.configure(Ledger.Stacks.ALL, own);
    long opens = Ledger.opens(OpenKind.EVENTPOLL);
    Thread thread =
        new Thread(own, () -> Ledger.opened(number, owner, OpenKind.EVENTPOLL.ordinal()));
    thread.start();
    thread.join();
    assertThat(Ledger.entry(number).own()).isTrue();
    assertThat(Ledger.entry(number).site()).isNull();
    assertThat(Ledger.opens(OpenKind.EVENTPOLL)).isEqualTo(opens);
  }

  @Test
  void anUnreachableOwnerShows() throws InterruptedException {
    Ledger.opened(number, new Object(), OpenKind.SOCKET_TCP.ordinal());
    LedgerEntry entry = Ledger.entry(number);
    for (int i = 0; i < 100 && !entry.ownerCollected(); i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertThat(entry.ownerCollected()).isTrue();
  }

  @Test
  void anOwnerThatComesLaterIsAdopted() throws IOException {
    try (FileInputStream in = new FileInputStream(File.createTempFile("descry", null))) {
      int real = number(in);
      Ledger.openedPath(real);
      assertThat(Ledger.entry(real).hasOwner()).isFalse();
      Ledger.adopted(in.getFD());
      assertThat(Ledger.entry(real).ownedBy(in.getFD())).isTrue();
      Ledger.closing(in.getFD());
      assertThat(Ledger.entry(real).closed()).isTrue();
    }
  }

  @Test
  void whatTheCollectorClosesIsHandedOverWithItsStack() throws InterruptedException {
    Ledger.takeCollected();
    Ledger.opened(number, owner, OpenKind.PATH.ordinal());
    LedgerEntry entry = Ledger.entry(number);
    Thread cleaner = new Thread(() -> Ledger.closing(number), "Common-Cleaner");
    cleaner.start();
    cleaner.join();
    assertThat(Ledger.takeCollected()).contains(entry);
    assertThat(entry.collected()).isTrue();
    assertThat(entry.site()).isInstanceOf(Throwable.class);
  }

  @Test
  void nothingIsThrownWhateverIsPassedAndTheFaultIsKept() {
    assertThat(Ledger.fault()).isNull();
    Ledger.opened((java.io.FileDescriptor) null, OpenKind.PATH.ordinal());
    assertThat(Ledger.fault()).isInstanceOf(NullPointerException.class);
    Ledger.opened(number, owner, 1_000);
    Ledger.closing((java.io.FileDescriptor) null);
    assertThat(Ledger.entry(number)).isNull();
  }

  @Test
  void theBudgetBoundsWhatStacksCostAndKeepsTheLedgerExact() {
    Ledger.configure(Ledger.Stacks.BUDGET, new ThreadGroup("descry-test"));
    int opens = 400_000;
    int without = 0;
    for (int i = 0; i < opens; i++) {
      Ledger.opened(number, owner, OpenKind.PATH.ordinal());
      without += Ledger.entry(number).site() == null ? 1 : 0;
      Ledger.closing(number);
    }
    assertThat(Ledger.entry(number).sequence()).isEqualTo(opens);
    assertThat(without).as("stacks that were not taken").isPositive();
    assertThat(without).as("the first ones were").isLessThan(opens);
  }

  @Test
  void aHundredThousandNumbersFromManyThreadsAreAllThere() throws InterruptedException {
    Ledger.configure(Ledger.Stacks.NONE, new ThreadGroup("descry-test"));
    int first = 1_000_000;
    int each = 25_000;
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int from = first + t;
      threads.add(new Thread(() -> openEveryFourth(from, each, start)));
    }
    threads.forEach(Thread::start);
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    Set<Integer> seen = new HashSet<>();
    for (int n = Ledger.next(first); n >= 0; n = Ledger.next(n + 1)) {
      seen.add(n);
    }
    assertThat(seen).hasSize(4 * each);
  }

  private void openEveryFourth(int from, int count, CountDownLatch start) {
    try {
      start.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (int i = 0; i < count; i++) {
      Ledger.opened(from + 4 * i, owner, OpenKind.PATH.ordinal());
    }
  }

  private static int number(FileInputStream in) throws IOException {
    return jdk.internal.access.SharedSecrets.getJavaIOFileDescriptorAccess().get(in.getFD());
  }
}
