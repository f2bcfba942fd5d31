package io.descry.lab.ways;

import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * One way in which Java code comes to hold descriptors.
 *
 * @param name unique; also the name of the method that opens
 * @param opening opens, and gives what closes
 * @param kinds the kinds of all the descriptors that are held open, one each
 * @param frames one of them must be in the stack of each of the descriptors, and each in that of
 *     some
 * @param threads names, or beginnings of names, of the threads that open
 * @param owners who may be named as answerable; {@code java} alone but where native code opens
 * @param collected whether the garbage collector does the closing, which may be reported
 */
record Way(
    String name,
    Opening opening,
    List<String> kinds,
    List<String> frames,
    Set<String> threads,
    Set<String> owners,
    boolean collected) {

  /** Opens, and gives what closes again. */
  @FunctionalInterface
  interface Opening {
    AutoCloseable open(Place place) throws Exception;
  }

  /** A way whose descriptors are all opened by {@code type.name} on the thread {@code main}. */
  static Way way(Class<?> type, String name, Opening opening, String... kinds) {
    return new Way(
        name,
        opening,
        List.of(kinds),
        List.of(type.getName() + "." + name + "("),
        Set.of("main"),
        Set.of("java"),
        false);
  }

  /** Some of the descriptors are opened on another thread, below another frame. */
  Way alsoOn(String thread, String frame) {
    return new Way(
        name,
        opening,
        kinds,
        plus(frames, frame),
        Set.copyOf(plus(List.copyOf(threads), thread)),
        owners,
        collected);
  }

  /** The other end is opened by the lab's peer. */
  Way withPeer() {
    return alsoOn("peer", Peer.class.getName() + ".accept(");
  }

  /** Native code opens some or all of them. */
  Way ownedAlsoBy(String... more) {
    Set<String> all = new java.util.TreeSet<>(owners);
    all.addAll(List.of(more));
    return new Way(name, opening, kinds, frames, threads, all, collected);
  }

  /** The garbage collector closes. */
  Way closedByCollector() {
    return new Way(name, opening, kinds, frames, threads, owners, true);
  }

  /** What a line of truth says of this way. */
  TreeMap<String, Object> truth() {
    TreeMap<String, Object> truth = new TreeMap<>();
    truth.put("way", name);
    truth.put("frames", frames);
    truth.put("threads", threads);
    truth.put("owners", owners);
    truth.put("collected", collected);
    return truth;
  }

  private static List<String> plus(List<String> list, String more) {
    return java.util.stream.Stream.concat(list.stream(), java.util.stream.Stream.of(more))
        .distinct()
        .toList();
  }
}
