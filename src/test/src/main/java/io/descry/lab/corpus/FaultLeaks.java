package io.descry.lab.corpus;

import io.descry.lab.corpus.Peers.Manner;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** Java code that forgets, or does not, what it holds when a call fails: on disks and numbers. */
final class FaultLeaks {
  /** "Writes fail with the error ENOSPC", says full(4). */
  static final Path FULL = Path.of("/dev/full");

  /** The device that has room for all. */
  static final Path ROOMY = Path.of("/dev/null");

  private FaultLeaks() {}

  /** A stream that is not closed when the disk is full. */
  static final class FullDisk extends Faulty {
    private FullDisk(Cause forgotten) {
      super(forgotten);
    }

    static Faulty leaks() {
      return new FullDisk(Cause.java("FaultLeaks$FullDisk.store", "device"));
    }

    static Faulty handled() {
      return new FullDisk(null);
    }

    @Override
    void well(Stage stage) throws IOException {
      store(stage, ROOMY);
    }

    @Override
    boolean fails(Stage stage) {
      try {
        store(stage, FULL);
      } catch (IOException e) {
        return true;
      }
      throw new IllegalStateException("there was room on a full disk");
    }

    private void store(Stage stage, Path disk) throws IOException {
      FileOutputStream out = new FileOutputStream(disk.toFile());
      try {
        out.write('x');
      } catch (IOException e) {
        if (forgets()) {
          stage.keep(out);
        } else {
          out.close();
        }
        throw e;
      }
      out.close();
    }
  }

  /** A database that may grow no more: the failed request does not give its connection back. */
  static final class FullDatabase extends Faulty {
    private FullDatabase(Cause forgotten) {
      super(forgotten);
    }

    static Faulty leaks() {
      return new FullDatabase(Cause.library("sqlite-jdbc", Map.of("file", 1)));
    }

    static Faulty handled() {
      return new FullDatabase(null);
    }

    @Override
    void well(Stage stage) throws SQLException {
      insert(stage, 1);
    }

    @Override
    boolean fails(Stage stage) {
      try {
        insert(stage, 100_000);
      } catch (SQLException e) {
        return true;
      }
      throw new IllegalStateException("there was room in a full database");
    }

    private void insert(Stage stage, int bytes) throws SQLException {
      Connection connection =
          DriverManager.getConnection("jdbc:sqlite:" + stage.directory().resolve("full.db"));
      try (Statement statement = connection.createStatement()) {
        statement.execute("pragma max_page_count = 10");
        statement.execute("create table if not exists t (x)");
        statement.execute("delete from t");
        statement.execute("insert into t values (zeroblob(" + bytes + "))");
      } catch (SQLException e) {
        if (forgets()) {
          stage.keep(connection);
        } else {
          connection.close();
        }
        throw e;
      }
      connection.close();
    }
  }

  /** The source of a copy, when there is no number left for the target. */
  static final class NoNumberToOpen extends Faulty {
    private NoNumberToOpen(Cause forgotten) {
      super(forgotten);
    }

    static Faulty leaks() {
      return new NoNumberToOpen(Cause.java("FaultLeaks$NoNumberToOpen.source", "file"));
    }

    static Faulty handled() {
      return new NoNumberToOpen(null);
    }

    @Override
    void well(Stage stage) throws IOException {
      FileInputStream source = source(stage);
      try (FileOutputStream target = target(stage)) {
        source.transferTo(target);
      }
      source.close();
    }

    @Override
    boolean fails(Stage stage) throws IOException {
      FileInputStream source = source(stage);
      try (FileOutputStream target = NoNumbers.during(() -> target(stage))) {
        source.transferTo(target);
      } catch (FileNotFoundException e) {
        if (forgets()) {
          stage.keep(source);
        } else {
          source.close();
        }
        return true;
      }
      source.close();
      return false;
    }

    private static FileInputStream source(Stage stage) throws IOException {
      return new FileInputStream(stage.file("source").toFile());
    }

    private static FileOutputStream target(Stage stage) throws FileNotFoundException {
      return new FileOutputStream(stage.directory().resolve("target").toFile());
    }
  }

  /** What a proxy holds for its next client, when there is no number left to accept it. */
  static final class NoNumberToAccept extends Faulty {
    /** There before the kernel's count, and at its end. */
    private ServerSocket server;

    private NoNumberToAccept(Cause forgotten) {
      super(forgotten);
    }

    static Faulty leaks() {
      return new NoNumberToAccept(Cause.java("FaultLeaks$NoNumberToAccept.backend", "socket.tcp"));
    }

    static Faulty handled() {
      return new NoNumberToAccept(null);
    }

    @Override
    public void prepare(Stage stage) throws Exception {
      server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
      super.prepare(stage);
    }

    @Override
    void well(Stage stage) throws IOException {
      try (Socket client = client();
          Socket backend = backend(stage, Manner.CLOSES);
          Socket accepted = server.accept()) {
        forward(accepted, backend, client);
      }
    }

    @Override
    boolean fails(Stage stage) throws IOException {
      try (Socket client = client()) {
        Socket backend = backend(stage, Manner.HOLDS);
        try (Socket accepted = NoNumbers.during(server::accept)) {
          forward(accepted, backend, client);
        } catch (IOException e) {
          // The client is still in the backlog, and gets its turn now.
          server.accept().close();
          if (forgets()) {
            stage.keep(backend);
          } else {
            backend.close();
          }
          return true;
        }
        backend.close();
        return false;
      }
    }

    private Socket client() throws IOException {
      return new Socket(server.getInetAddress(), server.getLocalPort());
    }

    private static Socket backend(Stage stage, Manner manner) throws IOException {
      InetSocketAddress peer = stage.peer(manner);
      return new Socket(peer.getAddress(), peer.getPort());
    }

    private static void forward(Socket accepted, Socket backend, Socket client) {
      if (!accepted.isConnected() || !backend.isConnected() || !client.isConnected()) {
        throw new IllegalStateException("not connected");
      }
    }
  }

  /** Sessions, refused or reset; {@link SocketLeaks} has the one that forgets. */
  static final class Unwelcome extends Faulty {
    Unwelcome() {
      super(null);
    }

    @Override
    void well(Stage stage) throws IOException {
      session(stage.peer(Manner.CLOSES));
    }

    @Override
    boolean fails(Stage stage) throws IOException {
      int failed = 0;
      for (Manner manner : new Manner[] {Manner.REFUSES, Manner.RESETS}) {
        try {
          session(stage.peer(manner));
        } catch (ConnectException e) {
          failed += manner == Manner.REFUSES ? 1 : 0;
        } catch (SocketException e) {
          failed += manner == Manner.RESETS ? 1 : 0;
        }
      }
      return failed == 2;
    }

    private static void session(InetSocketAddress peer) throws IOException {
      try (Socket socket = new Socket(peer.getAddress(), peer.getPort())) {
        if (socket.getInputStream().read() >= 0) {
          throw new IllegalStateException("the peer has sent something");
        }
      }
    }
  }
}
