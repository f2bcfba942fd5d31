package io.descry.lab.ways;

import static io.descry.lab.ways.Way.way;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSocketFactory;

/** java.net and javax.net.ssl sockets. */
final class NetWays {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private NetWays() {}

  static List<Way> ways() {
    return List.of(
        way(NetWays.class, "socket", NetWays::socket, "socket.tcp", "socket.tcp").withPeer(),
        way(
                NetWays.class,
                "socketConnectedLater",
                NetWays::socketConnectedLater,
                "socket.tcp",
                "socket.tcp")
            .withPeer(),
        way(NetWays.class, "socketBound", NetWays::socketBound, "socket.tcp"),
        way(NetWays.class, "serverSocket", NetWays::serverSocket, "socket.tcp"),
        way(
            NetWays.class,
            "acceptedSocket",
            NetWays::acceptedSocket,
            "socket.tcp",
            "socket.tcp",
            "socket.tcp"),
        way(NetWays.class, "sslSocket", NetWays::sslSocket, "socket.tcp", "socket.tcp").withPeer(),
        way(
                NetWays.class,
                "sslSocketLayered",
                NetWays::sslSocketLayered,
                "socket.tcp",
                "socket.tcp")
            .withPeer(),
        way(NetWays.class, "sslServerSocket", NetWays::sslServerSocket, "socket.tcp"),
        way(NetWays.class, "datagramSocket", NetWays::datagramSocket, "socket.udp"),
        way(
            NetWays.class,
            "datagramSocketConnected",
            NetWays::datagramSocketConnected,
            "socket.udp"),
        way(NetWays.class, "multicastSocket", NetWays::multicastSocket, "socket.udp"));
  }

  static AutoCloseable socket(Place place) throws Exception {
    return new Socket(LOOPBACK, place.port());
  }

  static AutoCloseable socketConnectedLater(Place place) throws Exception {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(LOOPBACK, place.port()), 5_000);
    return socket;
  }

  static AutoCloseable socketBound(Place place) throws Exception {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(LOOPBACK, 0));
    return socket;
  }

  static AutoCloseable serverSocket(Place place) throws Exception {
    return new ServerSocket(0, 5, LOOPBACK);
  }

  static AutoCloseable acceptedSocket(Place place) throws Exception {
    ServerSocket server = new ServerSocket(0, 5, LOOPBACK);
    Socket client = new Socket(LOOPBACK, server.getLocalPort());
    Socket accepted = server.accept();
    return () -> {
      client.close();
      accepted.close();
      server.close();
    };
  }

  static AutoCloseable sslSocket(Place place) throws Exception {
    return SSLSocketFactory.getDefault().createSocket(LOOPBACK, place.port());
  }

  static AutoCloseable sslSocketLayered(Place place) throws Exception {
    Socket plain = new Socket(LOOPBACK, place.port());
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    return factory.createSocket(plain, "localhost", place.port(), true);
  }

  static AutoCloseable sslServerSocket(Place place) throws Exception {
    return SSLServerSocketFactory.getDefault().createServerSocket(0, 5, LOOPBACK);
  }

  static AutoCloseable datagramSocket(Place place) throws Exception {
    return new DatagramSocket(0, LOOPBACK);
  }

  static AutoCloseable datagramSocketConnected(Place place) throws Exception {
    DatagramSocket socket = new DatagramSocket();
    socket.connect(LOOPBACK, place.port());
    return socket;
  }

  static AutoCloseable multicastSocket(Place place) throws Exception {
    return new MulticastSocket(0);
  }
}
