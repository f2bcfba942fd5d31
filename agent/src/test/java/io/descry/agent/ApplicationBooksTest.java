package io.descry.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.detect.Expectation;
import io.descry.ledger.ExpectedBooks;
import io.descry.os.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApplicationBooksTest {
  private static final long LONG = TimeUnit.MINUTES.toNanos(1);

  private final List<String> blind = new CopyOnWriteArrayList<>();
  private final List<Map<String, Object>> rows = new ArrayList<>();
  private final Supplier<List<Map<String, Object>>> book = () -> List.copyOf(rows);
  private final CountDownLatch end = new CountDownLatch(1);
  private ApplicationBooks books = new ApplicationBooks(this::thread, this::blind, LONG, LONG);

  ApplicationBooksTest() {
    ExpectedBooks.offer(book);
  }

  @AfterEach
  void letGo() {
    end.countDown();
    rows.clear();
  }

  @Test
  void whatIsRegisteredIsAskedAtEachScan() {
    AtomicInteger held = new AtomicInteger(3);
    rows.add(
        Map.of(
            "name", "db",
            "kinds", List.of("socket.tcp", "pipe"),
            "library", "libuv",
            "opener", "com.example",
            "count", (IntSupplier) held::get));
    Expectation expected =
        new Expectation("db", Set.of(Kind.SOCKET_TCP, Kind.PIPE), "libuv", "com.example", 3);
    assertThat(books.ask()).containsExactly(expected);
    held.set(5);
    assertThat(books.ask()).containsExactly(expected.with(5));
    rows.clear();
    assertThat(books.ask()).isEmpty();
    assertThat(blind).isEmpty();
  }

  @Test
  void equalDescriptionsAreAddedUp() {
    count("pool", () -> 3);
    count("pool", () -> 4);
    count("other", () -> Integer.MAX_VALUE);
    count("other", () -> Integer.MAX_VALUE);
    assertThat(books.ask()).containsExactly(expect("other", Integer.MAX_VALUE), expect("pool", 7));
    count("pool", () -> -5);
    assertThat(books.ask()).contains(expect("pool", Expectation.UNKNOWN));
  }

  @Test
  void whatThrowsIsNotKnownAndSaidOnce() {
    count(
        "bad",
        () -> {
          throw new StackOverflowError("text of the application");
        });
    count("good", () -> 1);
    for (int i = 0; i < 3; i++) {
      assertThat(books.ask())
          .containsExactly(expect("bad", Expectation.UNKNOWN), expect("good", 1));
    }
    assertThat(blind)
        .containsExactly(
            "how many descriptors the application expects of bad: its count throws"
                + " java.lang.StackOverflowError");
  }

  @Test
  void whatNeverComesBackIsAskedOnceAndTheOthersStillAre() {
    AtomicInteger asked = new AtomicInteger();
    count(
        "stuck",
        () -> {
          asked.incrementAndGet();
          return waitForTheEnd();
        });
    count("good", () -> 1);
    long patience = TimeUnit.MILLISECONDS.toNanos(200);
    books = new ApplicationBooks(this::thread, this::blind, patience, patience / 2);
    while (blind.isEmpty()) {
      assertThat(books.ask()).isEmpty();
    }
    assertThat(blind)
        .containsExactly(
            "how many descriptors the application expects of stuck: it does not answer, and is"
                + " not asked any more");
    List<Expectation> others = books.ask();
    while (others.isEmpty()) {
      others = books.ask();
    }
    assertThat(others).containsExactly(expect("good", 1), expect("stuck", Expectation.UNKNOWN));
    assertThat(asked).hasValue(1);
  }

  @Test
  void whatIsSlowIsNotKnownUntilItIsFaster() {
    CountDownLatch answer = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    count(
        "slow",
        () -> {
          asked.incrementAndGet();
          return waitFor(answer);
        });
    books = new ApplicationBooks(this::thread, this::blind, 1, LONG);
    while (asked.get() == 0) {
      assertThat(books.ask()).isEmpty();
    }
    for (int i = 0; i < ApplicationBooks.LATE; i++) {
      assertThat(books.ask()).isEmpty();
    }
    answer.countDown();
    books = new ApplicationBooks(this::thread, this::blind, LONG, LONG);
    assertThat(books.ask()).containsExactly(expect("slow", 1));
    assertThat(blind)
        .contains("how many descriptors the application expects of slow: it takes long to answer");
    assertThat(asked).hasValue(2);
  }

  @Test
  void whatIsTooMuchOrUnknownIsLeftOut() {
    rows.add(Map.of("name", "future", "kinds", List.of("quantum"), "count", (IntSupplier) () -> 1));
    rows.add(Map.of("name", "nothing", "count", "text"));
    for (int i = 0; i < ApplicationBooks.MOST + 20; i++) {
      count("name" + i, () -> 1);
    }
    assertThat(books.ask()).hasSize(ApplicationBooks.MOST);
    assertThat(blind).hasSize(3).anyMatch(line -> line.contains("of future: "));
  }

  @Test
  void eachScanHasAThreadOfItsOwn() {
    ThreadLocal<String> left = new ThreadLocal<>();
    List<String> found = new CopyOnWriteArrayList<>();
    count(
        "local",
        () -> {
          found.add(String.valueOf(left.get()));
          left.set("left behind");
          return 1;
        });
    books.ask();
    books.ask();
    assertThat(found).containsExactly("null", "null");
  }

  private void count(String name, IntSupplier count) {
    rows.add(Map.of("name", name, "kinds", List.of(), "count", count));
  }

  private static Expectation expect(String name, int count) {
    return new Expectation(name, Set.of(), null, null, count);
  }

  private int waitForTheEnd() {
    return waitFor(end);
  }

  private static int waitFor(CountDownLatch latch) {
    while (true) {
      try {
        latch.await();
        return 1;
      } catch (InterruptedException e) {
        // As code that swallows interrupts.
        continue;
      }
    }
  }

  private Thread thread(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    return thread;
  }

  private void blind(String what, String why) {
    blind.add(what + ": " + why);
  }
}
