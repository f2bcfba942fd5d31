package io.descry.lab.agents;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.descry.lab.Dialogue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A service that other agents watch as well: on the JDK's own server, so that it brings no library.
 */
public final class Service {
  private Service() {}

  public static void main(String[] args) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/quote", exchange -> answer(exchange, quote()));
    server.createContext("/forget", exchange -> answer(exchange, forget()));
    server.start();
    Dialogue.say("port " + server.getAddress().getPort());
  }

  /** Closes its channel. */
  private static String quote() throws IOException {
    try (SocketChannel channel = SocketChannel.open()) {
      return channel.isOpen() ? "42" : "";
    }
  }

  /** Leak: forgets its channel. */
  private static String forget() throws IOException {
    return SocketChannel.open().isOpen() ? "42" : "";
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    try (exchange) {
      exchange.getResponseBody().write(bytes);
    }
  }
}
