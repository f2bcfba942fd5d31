package io.descry.lab.clean;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Connections that are made at the start and then say nothing for as long as the program runs. */
final class IdleConnections implements Habit {
  private final List<Socket> ends = new ArrayList<>();

  @Override
  public void step(int i) throws IOException {
    if (i > 0) {
      return;
    }
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      for (int n = 0; n < 40; n++) {
        ends.add(new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort()));
        ends.add(server.accept());
      }
    }
  }

  @Override
  public void finish() throws IOException {
    for (Socket end : ends) {
      end.close();
    }
  }
}
