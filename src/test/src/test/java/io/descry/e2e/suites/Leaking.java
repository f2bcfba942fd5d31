package io.descry.e2e.suites;

import io.descry.junit.NoDescriptorLeaks;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every test of it leaks, and fails: at once, or by the end of the class what is kept. */
@NoDescriptorLeaks(graceMillis = 300)
class Leaking {
  private static EventLoopGroup kept;

  @TempDir private static Path directory;

  @Test
  void fileThatIsDropped() throws IOException {
    new FileInputStream(Path.of(System.getProperty("java.home"), "release").toFile()).read();
  }

  @Test
  void fileThatTheCollectorCloses() throws Exception {
    fileThatIsDropped();
    System.gc();
    Thread.sleep(300);
  }

  @Test
  void channelThatIsDropped() throws IOException {
    SocketChannel.open().configureBlocking(false);
  }

  @Test
  void selectorThatIsDropped() throws IOException {
    Selector.open().selectNow();
  }

  @Test
  @SuppressWarnings("resource")
  void databaseThatIsDropped() throws SQLException {
    DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("dropped.db"))
        .createStatement()
        .execute("create table t (a)");
  }

  @Test
  void eventLoopsThatAreKept() {
    kept = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  }

  @Test
  @NoDescriptorLeaks(strict = true, graceMillis = 300)
  void selectorThatIsKept() throws IOException {
    KeptSelector.selector = Selector.open();
  }

  @Test
  void fileInAnotherThread() throws Exception {
    Thread thread =
        new Thread(
            () -> {
              try {
                fileThatIsDropped();
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            },
            "another");
    thread.start();
    thread.join();
  }

  /** The annotation of the class around it holds for it too. */
  @Nested
  class Inner {
    private final InputStream unclosed = InputStream.nullInputStream();

    @Test
    void fileInNested() throws IOException {
      unclosed.read();
      fileThatIsDropped();
    }
  }

  @AfterAll
  static void checkKept() {
    if (kept.isShutdown()) {
      throw new IllegalStateException("the loops must be running");
    }
  }

  private static final class KeptSelector {
    static Selector selector;
  }
}
