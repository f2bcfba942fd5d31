package io.descry.lab.owners;

import java.nio.file.Files;
import java.nio.file.Path;
import jnr.unixsocket.UnixServerSocketChannel;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** Libraries that made Unix sockets before the JDK did: a server, and a client connected to it. */
final class UnixSockets {
  private UnixSockets() {}

  static AutoCloseable junixsocket(Path directory) throws Exception {
    AFUNIXSocketAddress address = AFUNIXSocketAddress.of(Path.of("junixsocket/some"));
    AFUNIXServerSocket server = AFUNIXServerSocket.bindOn(address);
    AFUNIXSocket client = AFUNIXSocket.connectTo(address);
    AFUNIXSocket accepted = server.accept();
    return () -> {
      client.close();
      accepted.close();
      server.close();
    };
  }

  static AutoCloseable jnr(Path directory) throws Exception {
    Files.deleteIfExists(Path.of("jnr/some"));
    UnixSocketAddress address = new UnixSocketAddress(Path.of("jnr/some").toString());
    UnixServerSocketChannel server = UnixServerSocketChannel.open();
    server.socket().bind(address);
    UnixSocketChannel client = UnixSocketChannel.open(address);
    UnixSocketChannel accepted = server.accept();
    return () -> {
      client.close();
      accepted.close();
      server.close();
    };
  }
}
