package io.descry.lab.ways;

import static io.descry.lab.ways.Way.way;

import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** java.nio.file: streams, directories and watches. */
final class PathWays {
  private PathWays() {}

  static List<Way> ways() {
    return List.of(
        way(PathWays.class, "newByteChannel", PathWays::newByteChannel, "file"),
        way(PathWays.class, "newByteChannelAppending", PathWays::newByteChannelAppending, "file"),
        way(PathWays.class, "newInputStream", PathWays::newInputStream, "file"),
        way(PathWays.class, "newOutputStream", PathWays::newOutputStream, "file"),
        way(PathWays.class, "newBufferedReader", PathWays::newBufferedReader, "file"),
        way(PathWays.class, "newBufferedWriter", PathWays::newBufferedWriter, "file"),
        way(PathWays.class, "lines", PathWays::lines, "file"),
        way(PathWays.class, "list", PathWays::list, "directory", "directory"),
        way(PathWays.class, "walk", PathWays::walk, "directory", "directory"),
        way(PathWays.class, "find", PathWays::find, "directory", "directory"),
        way(
            PathWays.class,
            "newDirectoryStream",
            PathWays::newDirectoryStream,
            "directory",
            "directory"),
        way(
            PathWays.class,
            "secureDirectoryStream",
            PathWays::secureDirectoryStream,
            "directory",
            "directory"),
        way(PathWays.class, "secureByteChannel", PathWays::secureByteChannel, "file"),
        way(
            PathWays.class,
            "watchService",
            PathWays::watchService,
            "inotify",
            "socket.unix",
            "socket.unix"));
  }

  static AutoCloseable newByteChannel(Place place) throws Exception {
    return Files.newByteChannel(place.file());
  }

  static AutoCloseable newByteChannelAppending(Place place) throws Exception {
    return Files.newByteChannel(
        place.absent(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  static AutoCloseable newInputStream(Place place) throws Exception {
    return Files.newInputStream(place.file());
  }

  static AutoCloseable newOutputStream(Place place) throws Exception {
    return Files.newOutputStream(place.absent());
  }

  static AutoCloseable newBufferedReader(Place place) throws Exception {
    return Files.newBufferedReader(place.file());
  }

  static AutoCloseable newBufferedWriter(Place place) throws Exception {
    return Files.newBufferedWriter(place.absent());
  }

  static AutoCloseable lines(Place place) throws Exception {
    return begun(Files.lines(place.file()));
  }

  static AutoCloseable list(Place place) throws Exception {
    return begun(Files.list(place.directory()));
  }

  static AutoCloseable walk(Place place) throws Exception {
    return begun(Files.walk(place.directory()));
  }

  static AutoCloseable find(Place place) throws Exception {
    return begun(Files.find(place.directory(), 3, (path, attributes) -> true));
  }

  static AutoCloseable newDirectoryStream(Place place) throws Exception {
    return Files.newDirectoryStream(place.directory());
  }

  static AutoCloseable secureDirectoryStream(Place place) throws Exception {
    try (SecureDirectoryStream<Path> above = secure(place)) {
      return above.newDirectoryStream(Path.of("below"));
    }
  }

  static AutoCloseable secureByteChannel(Place place) throws Exception {
    try (SecureDirectoryStream<Path> above = secure(place)) {
      return above.newByteChannel(Path.of("file"), Set.<OpenOption>of(StandardOpenOption.READ));
    }
  }

  static AutoCloseable watchService(Place place) throws Exception {
    Path directory = place.directory();
    WatchService service = directory.getFileSystem().newWatchService();
    directory.register(service, StandardWatchEventKinds.ENTRY_CREATE);
    return service;
  }

  private static SecureDirectoryStream<Path> secure(Place place) throws Exception {
    DirectoryStream<Path> stream = Files.newDirectoryStream(place.directory());
    return (SecureDirectoryStream<Path>) stream;
  }

  /** A stream that has given its first element: one that reads ahead has opened by then. */
  private static AutoCloseable begun(Stream<?> stream) {
    Iterator<?> elements = stream.iterator();
    elements.next();
    return stream;
  }
}
