package io.descry.lab.corpus;

import io.descry.lab.Dialogue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where a program runs: its files, its peers in another process, and the count of its leaks. */
final class Stage {
  private final Path directory;
  private final Map<Peers.Manner, Integer> ports;
  private final List<Object> kept = new ArrayList<>();
  private int leaks;

  Stage(Path directory, Map<Peers.Manner, Integer> ports) {
    this.directory = directory;
    this.ports = Map.copyOf(ports);
  }

  /** Its directory, empty at first. */
  Path directory() {
    return directory;
  }

  /** A file in it, made when it is not there. */
  Path file(String name) throws IOException {
    Path file = directory.resolve(name);
    if (!Files.exists(file)) {
      Files.writeString(file, "line\n");
    }
    return file;
  }

  /** Where a peer of this manner listens. */
  InetSocketAddress peer(Peers.Manner manner) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(manner));
  }

  /** Keeps an object reachable for as long as the program runs. */
  <T> T keep(T object) {
    kept.add(object);
    return object;
  }

  /** Says that one more has leaked by now, and of the first also when. */
  void leaked() {
    if (leaks++ == 0) {
      Dialogue.say(Run.BEGAN + System.currentTimeMillis());
    }
  }

  int leaks() {
    return leaks;
  }
}
