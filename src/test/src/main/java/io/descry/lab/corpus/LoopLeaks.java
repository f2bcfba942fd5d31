package io.descry.lab.corpus;

import io.descry.lab.corpus.Peers.Manner;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Sockets on event loops that are healthy themselves. */
final class LoopLeaks {
  /**
   * Both transports carry the native half of {@code io.netty.channel.unix}, and where both are
   * loaded, as Vert.x does, the later one's is in use for sockets of either.
   */
  private static final String NETTY = "netty-transport-native-";

  private LoopLeaks() {}

  /** One of Netty's native transports; loaded when {@code handlers} is asked. */
  private record Transport(
      Supplier<IoHandlerFactory> handlers,
      Class<? extends Channel> tcp,
      Class<? extends Channel> unix,
      Class<? extends ServerChannel> unixServer) {
    static final Transport EPOLL =
        new Transport(
            EpollIoHandler::newFactory,
            EpollSocketChannel.class,
            EpollDomainSocketChannel.class,
            EpollServerDomainSocketChannel.class);
    static final Transport URING =
        new Transport(
            IoUringIoHandler::newFactory,
            IoUringSocketChannel.class,
            IoUringDomainSocketChannel.class,
            IoUringServerDomainSocketChannel.class);

    MultiThreadIoEventLoopGroup group() {
      return new MultiThreadIoEventLoopGroup(1, handlers.get());
    }
  }

  /** The peer's FIN arrives, half-closure is allowed, and the handler ignores it. */
  static final class FinIgnored implements Program {
    private final Transport transport;
    private MultiThreadIoEventLoopGroup group;

    private FinIgnored(Transport transport) {
      this.transport = transport;
    }

    static Program epoll() {
      return new FinIgnored(Transport.EPOLL);
    }

    static Program uring() {
      return new FinIgnored(Transport.URING);
    }

    @Override
    public Truth truth() {
      return Truth.of(Cause.library(NETTY, Map.of("socket.tcp", 1)));
    }

    @Override
    public void prepare(Stage stage) throws Exception {
      group = transport.group();
      connect(stage);
    }

    @Override
    public void step(Stage stage, int i) throws Exception {
      connect(stage);
      stage.leaked();
    }

    private void connect(Stage stage) throws Exception {
      new Bootstrap()
          .group(group)
          .channel(transport.tcp())
          .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
          .handler(new ChannelInboundHandlerAdapter())
          .connect(stage.peer(Manner.CLOSES))
          .sync();
    }
  }

  /** Descriptors come in over a Unix socket; the handler drops them. */
  static final class ReceivedDropped implements Program {
    private final Transport transport;
    private final Semaphore received = new Semaphore(0);
    private MultiThreadIoEventLoopGroup group;
    private Channel sender;

    private ReceivedDropped(Transport transport) {
      this.transport = transport;
    }

    static Program epoll() {
      return new ReceivedDropped(Transport.EPOLL);
    }

    static Program uring() {
      return new ReceivedDropped(Transport.URING);
    }

    @Override
    public Truth truth() {
      return Truth.of(Cause.library(NETTY, Map.of("file", 1)));
    }

    @Override
    public long pauseMillis() {
      return BUSY;
    }

    @Override
    public void prepare(Stage stage) throws Exception {
      group = transport.group();
      // A path of at most 107 bytes, says unix(7).
      Path directory = Files.createTempDirectory("lab");
      DomainSocketAddress address = new DomainSocketAddress(directory.resolve("socket").toString());
      new ServerBootstrap()
          .group(group)
          .channel(transport.unixServer())
          .childOption(
              UnixChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.FILE_DESCRIPTORS)
          .childHandler(new Dropping(received))
          .bind(address)
          .sync();
      sender =
          new Bootstrap()
              .group(group)
              .channel(transport.unix())
              .handler(new ChannelInboundHandlerAdapter())
              .connect(address)
              .sync()
              .channel();
      Files.delete(Path.of(address.path()));
      Files.delete(directory);
      send(stage);
    }

    @Override
    public void step(Stage stage, int i) throws Exception {
      send(stage);
      stage.leaked();
    }

    private void send(Stage stage) throws Exception {
      FileDescriptor file = FileDescriptor.from(stage.file("sent").toString());
      sender.writeAndFlush(file).sync();
      if (!received.tryAcquire(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nothing received");
      }
      file.close();
    }

    /** Counts what it gets, and keeps nothing of it. */
    private static final class Dropping extends ChannelInboundHandlerAdapter {
      private final Semaphore received;

      Dropping(Semaphore received) {
        this.received = received;
      }

      @Override
      public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof FileDescriptor) {
          received.release();
        }
      }
    }
  }

  private static Vertx vertx() {
    return Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  /** A client for each request, with the connection that it keeps. */
  static final class VertxClients implements Program {
    private Vertx vertx;

    @Override
    public Truth truth() {
      return Truth.of(Cause.library(NETTY, Map.of("socket.tcp", 1)));
    }

    @Override
    public long pauseMillis() {
      return BUSY;
    }

    @Override
    public void prepare(Stage stage) throws Exception {
      vertx = vertx();
      connect(stage);
    }

    @Override
    public void step(Stage stage, int i) throws Exception {
      connect(stage);
      stage.leaked();
    }

    private void connect(Stage stage) throws Exception {
      NetClient client = stage.keep(vertx.createNetClient());
      await(client.connect(stage.peer(Manner.HOLDS).getPort(), "127.0.0.1"));
    }
  }

  /** A server on a port of its own for each deployment, never closed. */
  static final class VertxServers implements Program {
    private Vertx vertx;

    @Override
    public Truth truth() {
      return Truth.of(Cause.library(NETTY, Map.of("socket.tcp", 1)));
    }

    @Override
    public long pauseMillis() {
      return BUSY;
    }

    @Override
    public void prepare(Stage stage) throws Exception {
      vertx = vertx();
      deploy();
    }

    @Override
    public void step(Stage stage, int i) throws Exception {
      deploy();
      stage.leaked();
    }

    private void deploy() throws Exception {
      await(vertx.createNetServer().connectHandler(socket -> {}).listen(0, "127.0.0.1"));
    }
  }
}
