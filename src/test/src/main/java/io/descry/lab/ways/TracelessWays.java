package io.descry.lab.ways;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipFile;

/**
 * What fails to open, and what opens and closes inside one call of the JDK. None of it may leave a
 * trace.
 */
final class TracelessWays {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private TracelessWays() {}

  /** Runs each once. */
  static void run(Place place) throws Exception {
    for (Map.Entry<String, Attempt> failing : failing().entrySet()) {
      refuse(failing.getKey(), failing.getValue(), place);
    }
    for (Attempt passing : passing().values()) {
      passing.run(place);
    }
  }

  static int count() {
    return failing().size() + passing().size();
  }

  private static Map<String, Attempt> failing() {
    Map<String, Attempt> failing = new LinkedHashMap<>();
    failing.put("FileInputStream", place -> new FileInputStream(place.absent().toFile()).close());
    failing.put(
        "FileInputStream of a directory",
        place -> new FileInputStream(place.directory().toFile()).close());
    failing.put(
        "FileOutputStream", place -> new FileOutputStream(place.directory().toFile()).close());
    failing.put(
        "RandomAccessFile", place -> new RandomAccessFile(place.absent().toFile(), "r").close());
    failing.put("FileChannel", place -> FileChannel.open(place.absent()).close());
    failing.put(
        "AsynchronousFileChannel", place -> AsynchronousFileChannel.open(place.absent()).close());
    failing.put("newByteChannel", place -> Files.newByteChannel(place.absent()).close());
    failing.put("newDirectoryStream", place -> Files.newDirectoryStream(place.file()).close());
    failing.put("list", place -> Files.list(place.absent()).close());
    failing.put("walk", place -> Files.walk(place.absent()).close());
    failing.put("ZipFile missing", place -> new ZipFile(place.absent().toFile()).close());
    failing.put("ZipFile of no archive", place -> new ZipFile(place.file().toFile()).close());
    failing.put("Socket", place -> new Socket(LOOPBACK, refusing()).close());
    failing.put("Socket late", TracelessWays::connectLate);
    failing.put(
        "SocketChannel",
        place -> SocketChannel.open(new InetSocketAddress(LOOPBACK, refusing())).close());
    failing.put("ServerSocket", place -> new ServerSocket(place.port(), 5, LOOPBACK).close());
    failing.put("ServerSocketChannel", TracelessWays::bindTwice);
    failing.put(
        "unix connect",
        place -> SocketChannel.open(UnixDomainSocketAddress.of(place.absent())).close());
    failing.put(
        "unix bind",
        place -> {
          try (ServerSocketChannel channel =
              ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(place.file()));
          }
        });
    failing.put("exec", place -> new ProcessBuilder(place.absent().toString()).start().destroy());
    failing.put(
        "exec in no directory",
        place -> new ProcessBuilder("cat").directory(place.absent().toFile()).start().destroy());
    failing.put("copy", place -> Files.copy(place.absent(), place.absent()));
    failing.put("readAllBytes", place -> Files.readAllBytes(place.absent()));
    return failing;
  }

  private static Map<String, Attempt> passing() {
    Map<String, Attempt> passing = new LinkedHashMap<>();
    passing.put("copy", place -> Files.copy(place.file(), place.absent()));
    passing.put("move", place -> Files.move(place.file(), place.absent()));
    passing.put("readAllBytes", place -> Files.readAllBytes(place.file()));
    passing.put("readString", place -> Files.readString(place.file()));
    passing.put("readAllLines", place -> Files.readAllLines(place.file()));
    passing.put("write", place -> Files.write(place.absent(), new byte[10]));
    passing.put("createFile", place -> Files.createFile(place.absent()));
    passing.put("createTempFile", place -> Files.delete(Files.createTempFile("lab", null)));
    passing.put("deleteIfExists", place -> Files.deleteIfExists(place.file()));
    passing.put("isSameFile", place -> Files.isSameFile(place.file(), place.file()));
    passing.put("mismatch", place -> Files.mismatch(place.file(), place.file()));
    passing.put("probeContentType", place -> Files.probeContentType(place.file()));
    passing.put("getFileStore", place -> Files.getFileStore(place.file()).getUsableSpace());
    passing.put(
        "user attributes",
        place ->
            Files.getFileAttributeView(
                    place.file(), java.nio.file.attribute.UserDefinedFileAttributeView.class)
                .list());
    passing.put(
        "set times",
        place ->
            Files.setLastModifiedTime(
                place.file(), java.nio.file.attribute.FileTime.fromMillis(0)));
    passing.put("createNewFile", place -> created(place.absent().toFile()));
    passing.put(
        "File.createTempFile", place -> Files.delete(File.createTempFile("lab", null).toPath()));
    passing.put("File.list", place -> place.directory().toFile().list());
    passing.put(
        "walkFileTree",
        place ->
            Files.walkFileTree(place.directory(), new java.nio.file.SimpleFileVisitor<Path>() {}));
    passing.put("lookup", place -> InetAddress.getByName("localhost").isReachable(100));
    passing.put(
        "interfaces",
        place -> java.net.NetworkInterface.getNetworkInterfaces().asIterator().next());
    passing.put(
        "process waited for", place -> new ProcessBuilder("true").inheritIO().start().waitFor());
    passing.put("DatagramChannel", place -> DatagramChannel.open().close());
    return passing;
  }

  private static void refuse(String name, Attempt attempt, Place place) throws Exception {
    try {
      attempt.run(place);
    } catch (IOException e) {
      return;
    }
    throw new IllegalStateException(name + " should have failed");
  }

  private static void connectLate(Place place) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(LOOPBACK, refusing()), 1_000);
    }
  }

  private static void bindTwice(Place place) throws IOException {
    try (ServerSocketChannel channel = ServerSocketChannel.open()) {
      channel.bind(new InetSocketAddress(LOOPBACK, place.port()));
    }
  }

  private static void created(File file) throws IOException {
    if (!file.createNewFile()) {
      throw new IllegalStateException(file + " was there");
    }
  }

  /** A port at which nobody listens: it was free a moment ago. */
  private static int refusing() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, LOOPBACK)) {
      return socket.getLocalPort();
    }
  }

  /** One attempt. */
  @FunctionalInterface
  private interface Attempt {
    void run(Place place) throws Exception;
  }
}
