package io.descry.bench;

import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What is opened and closed. A connection is made, accepted and closed at both ends by the same
 * thread, so that nothing waits for another; it is reset, so that no port stays taken.
 */
enum Opening {
  FILE_INPUT_STREAM("FileInputStream") {
    @Override
    Deep.Step step() {
      return () -> new FileInputStream(FILE).close();
    }
  },
  FILE_CHANNEL("FileChannel") {
    @Override
    Deep.Step step() {
      Path path = Path.of(FILE);
      return () -> FileChannel.open(path, StandardOpenOption.READ).close();
    }
  },
  SOCKET("Socket") {
    @Override
    Deep.Step step() throws IOException {
      ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      return () -> {
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket accepted = server.accept();
        client.setSoLinger(true, 0);
        client.close();
        accepted.close();
      };
    }
  },
  SOCKET_CHANNEL("SocketChannel") {
    @Override
    Deep.Step step() throws IOException {
      ServerSocketChannel server =
          ServerSocketChannel.open()
              .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      return () -> {
        SocketChannel client = SocketChannel.open(server.getLocalAddress());
        SocketChannel accepted = server.accept();
        client.setOption(StandardSocketOptions.SO_LINGER, 0);
        client.close();
        accepted.close();
      };
    }
  };

  /** About the cheapest thing to open. */
  static final String FILE = "/dev/null";

  /** As tables call it. */
  final String title;

  Opening(String title) {
    this.title = title;
  }

  /** What opens and closes one, for one thread. */
  abstract Deep.Step step() throws IOException;
}
