package io.descry.lab.ways;

import io.descry.lab.Dialogue;
import io.descry.lab.Json;
import io.descry.lab.OpenNumbers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Opens descriptors in every way that Java has, says what it holds as lines of JSON, then {@code
 * open}; closes all at the next line and says {@code closed}; ends at the one after.
 *
 * <p>Before that every way is gone through once, opened and closed, so that what the JDK opens once
 * for good (random devices, default groups) is open already and no way is charged with it.
 */
public final class Ways {
  private static final long PATIENCE_NANOS = 15_000_000_000L;

  private Ways() {}

  /**
   * The program.
   *
   * @param args a directory for the program's files, to be created
   */
  public static void main(String[] args) throws Exception {
    Path root = Files.createDirectories(Path.of(args[0]));
    // Other threads of the program must not keep it alive, and the test waiting, when a label is
    // wrong.
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, thrown) -> {
          thrown.printStackTrace();
          Runtime.getRuntime().halt(1);
        });
    Dialogue.ask("ready");
    try (Peer peer = new Peer()) {
      Place place = new Place(root, peer.port());
      // The random devices, which the JDK opens on first use and keeps.
      Files.delete(Files.createTempFile("lab", null));
      TracelessWays.run(place);
      close(open(place));
      TracelessWays.run(place);
      Deque<Held> held = open(place);
      TracelessWays.run(place);
      held.descendingIterator().forEachRemaining(Held::say);
      Dialogue.ask("open " + held.size() + " traceless " + TracelessWays.count());
      close(held);
      Dialogue.ask("closed");
    }
  }

  private static Deque<Held> open(Place place) throws Exception {
    Deque<Held> held = new ArrayDeque<>();
    for (Way way : all()) {
      held.push(new Held(way, place));
    }
    return held;
  }

  /**
   * Closes all, the newest first, and then waits: some of the JDK's timers close after 15 s only.
   */
  private static void close(Deque<Held> all) throws Exception {
    for (Held held : all) {
      held.closing.close();
    }
    for (Held held : all) {
      held.awaitClosed();
    }
  }

  private static List<Way> all() {
    return Stream.of(
            ClosingWays.ways(),
            FileWays.ways(),
            PathWays.ways(),
            ArchiveWays.ways(),
            NetWays.ways(),
            ChannelWays.ways(),
            ServiceWays.ways())
        .flatMap(List::stream)
        .toList();
  }

  /** A way that is open, with the numbers that it holds. */
  private static final class Held {
    private final Way way;
    private final AutoCloseable closing;
    private final SortedMap<Integer, String> numbers;
    private final Instant from = Instant.now();
    private final Instant to;

    Held(Way way, Place place) throws Exception {
      this.way = way;
      SortedMap<Integer, String> before = OpenNumbers.now();
      closing = way.opening().open(place);
      List<String> wanted = way.kinds().stream().sorted().toList();
      long deadline = System.nanoTime() + PATIENCE_NANOS;
      SortedMap<Integer, String> seen = OpenNumbers.since(before);
      while (!matches(wanted, kinds(seen))) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(
              way.name() + " should hold " + wanted + " but holds " + kinds(seen) + seen);
        }
        Thread.sleep(10);
        seen = OpenNumbers.since(before);
      }
      numbers = seen;
      to = Instant.now();
    }

    void say() {
      List<String> kinds = new ArrayList<>(way.kinds());
      List<Map<String, Object>> descriptors = new ArrayList<>();
      numbers.forEach(
          (number, target) -> {
            String seen = OpenNumbers.kind(number, target);
            String kind =
                kinds.contains(seen)
                    ? seen
                    : kinds.stream().filter(k -> k.startsWith(seen)).findFirst().orElseThrow();
            kinds.remove(kind);
            descriptors.add(new TreeMap<>(Map.of("fd", number, "target", target, "kind", kind)));
          });
      TreeMap<String, Object> truth = way.truth();
      truth.put("descriptors", descriptors);
      truth.put("from", from);
      truth.put("to", to);
      Dialogue.say(Json.of(truth));
    }

    void awaitClosed() throws Exception {
      long deadline = System.nanoTime() + 2 * PATIENCE_NANOS;
      while (stillOpen()) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(way.name() + " does not close: " + numbers);
        }
        System.gc();
        Thread.sleep(20);
      }
    }

    private boolean stillOpen() {
      SortedMap<Integer, String> now = OpenNumbers.now();
      return numbers.entrySet().stream()
          .anyMatch(entry -> entry.getValue().equals(now.get(entry.getKey())));
    }

    private static List<String> kinds(SortedMap<Integer, String> numbers) {
      return numbers.entrySet().stream()
          .map(entry -> OpenNumbers.kind(entry.getKey(), entry.getValue()))
          .sorted()
          .toList();
    }

    /** Equal, where a socket that nobody lists is one of any protocol. */
    private static boolean matches(List<String> wanted, List<String> seen) {
      List<String> missing = new ArrayList<>(wanted);
      List<String> vague = new ArrayList<>();
      for (String kind : seen) {
        if (!missing.remove(kind)) {
          vague.add(kind);
        }
      }
      return missing.size() == vague.size()
          && vague.stream().allMatch("socket"::equals)
          && missing.stream().allMatch(kind -> kind.startsWith("socket"));
    }
  }
}
