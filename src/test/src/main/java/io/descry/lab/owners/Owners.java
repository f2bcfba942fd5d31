package io.descry.lab.owners;

import io.descry.lab.Dialogue;
import io.descry.lab.Json;
import io.descry.lab.OpenNumbers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Says which descriptors a library opened, as the kernel lists them, and which of its objects the
 * agent knows, while they are open and after their close.
 */
public final class Owners {
  private static final Map<String, Library> LIBRARIES =
      Map.of(
          "epoll", Netty::epoll,
          "io_uring", Netty::uring,
          "shaded", ShadedNetty::epoll,
          "vertx", new VertxServer(),
          "sqlite", Databases::sqlite,
          "rocksdb", Databases::rocksDb,
          "lmdb", Databases::lmdb,
          "javet", new NodeRuntimes(),
          "junixsocket", UnixSockets::junixsocket,
          "jnr", UnixSockets::jnr);

  private Owners() {}

  /** The program: the library's name. */
  public static void main(String[] args) throws Exception {
    Library library = LIBRARIES.get(args[0]);
    Path directory = Files.createDirectories(Path.of(args[0])).toRealPath();
    // What the library opens once and for all is no handle's.
    library.open(directory).close();
    Dialogue.ask("loaded");
    SortedMap<Integer, String> before = OpenNumbers.now();
    AutoCloseable open = library.open(directory);
    SortedMap<Integer, String> opened = OpenNumbers.since(before);
    say("opened", opened);
    open.close();
    SortedMap<Integer, String> left = OpenNumbers.now();
    left.keySet().retainAll(opened.keySet());
    say("closed", left);
    System.exit(0);
  }

  private static void say(String when, SortedMap<Integer, String> numbers) {
    List<Map<String, Object>> descriptors = new ArrayList<>();
    numbers.forEach(
        (number, target) -> {
          Map<String, Object> descriptor = new LinkedHashMap<>();
          descriptor.put("fd", number);
          descriptor.put("target", target);
          descriptor.put("handle", KnownHandles.under(number));
          descriptors.add(descriptor);
        });
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("descriptors", descriptors);
    said.put("numbered", KnownHandles.numbered());
    said.put("others", KnownHandles.others());
    said.put("missed", KnownHandles.missed());
    Dialogue.say(when + " " + Json.of(said));
  }
}
