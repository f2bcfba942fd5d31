package io.descry.owner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.descry.instrument.LibraryLoader;
import io.descry.ledger.HandleEntry;
import io.descry.ledger.Handles;
import io.descry.ledger.Ledger;
import io.descry.os.Descriptor;
import io.descry.os.Kind;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.JDBC;

class KnownOwnersTest {
  private static final int NUMBER = 800_000;

  private final OwnerModules modules =
      OwnerModules.load(getClass().getClassLoader(), (where, reason) -> {});
  private final KnownOwners owners = new KnownOwners(modules);

  @BeforeEach
  void takeAllStacks() {
    Ledger.configure(Ledger.Stacks.ALL, null);
  }

  @AfterEach
  void takeNone() {
    Ledger.configure(Ledger.Stacks.NONE, null);
  }

  /** Runs in a copy of the libraries that is advised. */
  public static final class InCopy implements Callable<List<Object>> {
    private final String database;

    /** A user of the libraries. */
    public InCopy(String database) {
      this.database = database;
    }

    @Override
    public List<Object> call() throws Exception {
      EventLoopGroup group =
          new MultiThreadIoEventLoopGroup(
              1, new DefaultThreadFactory("loop-of-test"), EpollIoHandler.newFactory());
      group.submit(() -> {}).get();
      Connection connection = JDBC.createConnection("jdbc:sqlite:" + database, new Properties());
      return List.of(
          connection, (AutoCloseable) () -> group.shutdownGracefully(0, 1, SECONDS).sync());
    }
  }

  @Test
  void realLibrariesAreNamedWithVersionSiteAndMeaning(@TempDir Path temp) throws Exception {
    LibraryLoader loader =
        new LibraryLoader(
            modules,
            name ->
                name.startsWith("io.netty.")
                    || name.startsWith("org.sqlite.")
                    || name.startsWith(InCopy.class.getName()));
    Path database = temp.toRealPath().resolve("some.db");
    @SuppressWarnings("unchecked")
    Callable<List<Object>> program =
        (Callable<List<Object>>)
            loader
                .loadClass(InCopy.class.getName())
                .getConstructor(String.class)
                .newInstance(database.toString());
    List<Object> open = program.call();
    owners.refresh();
    KnownOwner poll = only("io.netty.channel.unix.FileDescriptor");
    assertThat(poll.library()).isEqualTo("netty-transport-native-epoll");
    assertThat(poll.version()).startsWith("4.2.");
    assertThat(poll.meaning()).startsWith("event loop of thread loop-of-test-1-1 in Multi");
    assertThat(poll.java()).anyMatch(frame -> frame.contains("KnownOwnersTest$InCopy.call"));
    assertThat(poll.java().get(0)).contains("io.netty.channel.unix.FileDescriptor.<init>");
    assertThat(poll.collected()).isFalse();
    KnownOwner connection = owners.of(file(database + "-wal")).orElseThrow();
    assertThat(connection.library()).isEqualTo("sqlite-jdbc");
    assertThat(connection.version()).startsWith("3.");
    assertThat(connection.meaning()).isEqualTo("connection to database " + database);
    assertThat(connection.java()).anyMatch(frame -> frame.contains("KnownOwnersTest$InCopy.call"));
    for (Object each : open) {
      ((AutoCloseable) each).close();
    }
    owners.refresh();
    assertThat(owners.of(file(database.toString()))).isEmpty();
    assertThat(loader.failures).isEmpty();
  }

  private KnownOwner only(String className) {
    for (int number = Handles.next(0); number >= 0; number = Handles.next(number + 1)) {
      HandleEntry entry = Handles.entry(number);
      if (!entry.closed() && entry.className().equals(className)) {
        return owners.of(descriptor(number, Kind.EVENTPOLL, 9)).orElseThrow();
      }
    }
    throw new AssertionError("no handle of " + className);
  }

  @Test
  void aHandleThatItsLibraryForgotSaysNothingOfTheNextUse() {
    Object handle = new Object();
    Handles.opened(handle, NUMBER, 0);
    assertThat(owners.of(descriptor(NUMBER, Kind.SOCKET_TCP, 1))).isPresent();
    assertThat(owners.of(descriptor(NUMBER, Kind.FILE, 2))).isEmpty();
    assertThat(owners.of(descriptor(NUMBER, Kind.SOCKET_TCP, 1))).isPresent();
    Handles.closing(handle, NUMBER);
    assertThat(owners.of(descriptor(NUMBER, Kind.SOCKET_TCP, 1))).isEmpty();
  }

  @Test
  void aModuleThatThrowsIsNoHarm() {
    OwnerModule bad =
        new OwnerModule() {
          @Override
          public List<HandleType> handles() {
            return List.of(HandleType.of("a.B"));
          }

          @Override
          public String artifact(String className) {
            throw new IllegalStateException("bad");
          }

          @Override
          public String meaning(Object handle) {
            throw new NoClassDefFoundError("bad");
          }
        };
    Object handle = new Object();
    Handles.opened(handle, NUMBER + 1, 0);
    Optional<KnownOwner> known =
        new KnownOwners(OwnerModules.of(List.of(bad)))
            .of(descriptor(NUMBER + 1, Kind.SOCKET_TCP, 1));
    assertThat(known).get().extracting(KnownOwner::library).isEqualTo("java.lang.Object");
    assertThat(known).get().extracting(KnownOwner::meaning).isNull();
    Handles.closing(handle, NUMBER + 1);
  }

  @Test
  void objectsThatClaimNothingAreListed() {
    Object runtime = new Object();
    Handles.opened(runtime, null, 0);
    owners.refresh();
    assertThat(owners.unplaced()).anyMatch(owner -> owner.className().equals("java.lang.Object"));
    Handles.closing(runtime);
    owners.refresh();
    assertThat(owners.unplaced()).isEmpty();
  }

  private static Descriptor file(String target) {
    return new Descriptor(NUMBER + 9, Kind.FILE, target, 1, 5, 0, 0, null, null);
  }

  private static Descriptor descriptor(int number, Kind kind, long inode) {
    return new Descriptor(number, kind, "some", 1, inode, 0, 0, null, null);
  }
}
