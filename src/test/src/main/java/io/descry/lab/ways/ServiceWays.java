package io.descry.lab.ways;

import static io.descry.lab.ways.Way.way;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.rmi.Remote;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.UnicastRemoteObject;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.FileHandler;
import javax.imageio.ImageIO;
import javax.imageio.stream.FileCacheImageInputStream;
import jdk.jfr.Recording;

/** The JDK's services that hold descriptors for their callers. */
final class ServiceWays {
  private static final String TCP = "socket.tcp";

  private ServiceWays() {}

  static List<Way> ways() {
    return List.of(
        way(ServiceWays.class, "process", ServiceWays::process, "pipe", "pipe", "pipe"),
        way(
            ServiceWays.class,
            "processMergingErrors",
            ServiceWays::processMergingErrors,
            "pipe",
            "pipe",
            "pipe"),
        way(
            ServiceWays.class,
            "processWritingToFile",
            ServiceWays::processWritingToFile,
            "pipe",
            "pipe"),
        way(
            ServiceWays.class,
            "processPipeline",
            ServiceWays::processPipeline,
            "pipe",
            "pipe",
            "pipe",
            "pipe"),
        way(ServiceWays.class, "runtimeExec", ServiceWays::runtimeExec, "pipe", "pipe", "pipe"),
        way(ServiceWays.class, "fileHandler", ServiceWays::fileHandler, "file", "file"),
        way(ServiceWays.class, "imageInputStream", ServiceWays::imageInputStream, "file"),
        way(ServiceWays.class, "imageCache", ServiceWays::imageCache, "file"),
        way(ServiceWays.class, "httpServer", ServiceWays::httpServer, TCP, "eventpoll", "eventfd"),
        way(
                ServiceWays.class,
                "httpClient",
                ServiceWays::httpClient,
                TCP,
                TCP,
                TCP,
                "eventpoll",
                "eventfd",
                "eventpoll",
                "eventfd")
            .alsoOn("HTTP-Dispatcher", "sun.net.httpserver.ServerImpl$Dispatcher."),
        way(
                ServiceWays.class,
                "httpUrlConnection",
                ServiceWays::httpUrlConnection,
                TCP,
                TCP,
                TCP,
                "eventpoll",
                "eventfd")
            .alsoOn("HTTP-Dispatcher", "sun.net.httpserver.ServerImpl$Dispatcher."),
        way(ServiceWays.class, "flightRecording", ServiceWays::flightRecording, "file", "file")
            .ownedAlsoBy("jvm", "foreign"),
        way(ServiceWays.class, "rmi", ServiceWays::rmi, TCP, TCP, TCP, TCP)
            .alsoOn("RMI TCP Accept", "sun.rmi.transport.tcp.TCPTransport$AcceptLoop."));
  }

  static AutoCloseable process(Place place) throws Exception {
    return ending(new ProcessBuilder("cat").start());
  }

  static AutoCloseable processMergingErrors(Place place) throws Exception {
    return ending(new ProcessBuilder("cat").redirectErrorStream(true).start());
  }

  static AutoCloseable processWritingToFile(Place place) throws Exception {
    return ending(new ProcessBuilder("cat").redirectOutput(place.absent().toFile()).start());
  }

  static AutoCloseable processPipeline(Place place) throws Exception {
    List<Process> processes =
        ProcessBuilder.startPipeline(List.of(new ProcessBuilder("cat"), new ProcessBuilder("cat")));
    return () -> {
      for (Process process : processes) {
        ending(process).close();
      }
    };
  }

  static AutoCloseable runtimeExec(Place place) throws Exception {
    return ending(Runtime.getRuntime().exec(new String[] {"cat"}));
  }

  static AutoCloseable fileHandler(Place place) throws Exception {
    FileHandler handler = new FileHandler(place.absent().toString());
    return handler::close;
  }

  static AutoCloseable imageInputStream(Place place) throws Exception {
    return ImageIO.createImageInputStream(place.file().toFile());
  }

  static AutoCloseable imageCache(Place place) throws Exception {
    InputStream image = new ByteArrayInputStream(new byte[10]);
    return new FileCacheImageInputStream(image, place.directory().toFile());
  }

  static AutoCloseable httpServer(Place place) throws Exception {
    HttpServer server = answering();
    return () -> server.stop(0);
  }

  /**
   * A client has no close before JDK 21: its selector goes when the collector has taken the client.
   */
  static AutoCloseable httpClient(Place place) throws Exception {
    HttpServer server = answering();
    AtomicReference<HttpClient> client =
        new AtomicReference<>(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
    HttpRequest request = HttpRequest.newBuilder(uri(server)).build();
    client.get().send(request, HttpResponse.BodyHandlers.ofString());
    return () -> {
      server.stop(0);
      client.set(null);
    };
  }

  static AutoCloseable httpUrlConnection(Place place) throws Exception {
    HttpServer server = answering();
    HttpURLConnection connection = (HttpURLConnection) uri(server).toURL().openConnection();
    try (InputStream in = connection.getInputStream()) {
      in.readAllBytes();
    }
    return () -> {
      connection.disconnect();
      server.stop(0);
    };
  }

  /** The chunk is opened by HotSpot, and again by Java code that says where it is. */
  static AutoCloseable flightRecording(Place place) throws Exception {
    Recording recording = new Recording();
    recording.setDestination(Path.of(place.absent() + ".jfr"));
    recording.start();
    return () -> {
      recording.stop();
      recording.close();
    };
  }

  static AutoCloseable rmi(Place place) throws Exception {
    Registry registry = LocateRegistry.createRegistry(free());
    Greeting greeting = () -> "hello";
    int port = free();
    Greeting stub = (Greeting) UnicastRemoteObject.exportObject(greeting, port);
    String said = stub.greet();
    if (!said.equals("hello")) {
      throw new IllegalStateException(said);
    }
    return () -> {
      UnicastRemoteObject.unexportObject(greeting, true);
      UnicastRemoteObject.unexportObject(registry, true);
    };
  }

  /** What is called across RMI. */
  public interface Greeting extends Remote {
    String greet() throws RemoteException;
  }

  private static int free() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static HttpServer answering() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = {'o', 'k'};
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static URI uri(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  private static AutoCloseable ending(Process process) {
    return () -> {
      process.destroy();
      process.waitFor();
      process.getOutputStream().close();
      process.getInputStream().close();
      process.getErrorStream().close();
    };
  }
}
