package io.descry.lab.corpus;

import io.descry.lab.corpus.Peers.Manner;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Connections of Netty's epoll transport, made one a second. */
abstract class NettyConnections implements Program {
  private MultiThreadIoEventLoopGroup group;

  private NettyConnections() {}

  /** A connection, on which what comes is read and dropped. */
  final Channel connect(Stage stage, Manner manner) throws InterruptedException {
    return new Bootstrap()
        .group(group)
        .channel(EpollSocketChannel.class)
        .handler(new ChannelInboundHandlerAdapter())
        .connect(stage.peer(manner))
        .sync()
        .channel();
  }

  /** To the loop that is next. */
  final void register(Channel channel) throws InterruptedException {
    group.register(channel).sync();
  }

  static void send(Channel channel) throws InterruptedException {
    channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[1])).sync();
  }

  @Override
  public Truth truth() {
    return Truth.of(Cause.library("netty-transport-native-epoll", Map.of("socket.tcp", 1)));
  }

  @Override
  public void prepare(Stage stage) throws Exception {
    group = new MultiThreadIoEventLoopGroup(2, EpollIoHandler.newFactory());
    // Each of the loops opens what it needs.
    for (int n = 0; n < 2; n++) {
      group.next().submit(() -> {}).get();
    }
    connect(stage, Manner.ECHOES).close().sync();
  }

  @Override
  public long pauseMillis() {
    return 1_000;
  }

  @Override
  public int seconds() {
    return 110;
  }

  /** Taken from its loop to be moved to another, to which it never comes. */
  static final class Deregistered extends NettyConnections {
    @Override
    public void step(Stage stage, int i) throws Exception {
      Channel channel = stage.keep(connect(stage, Manner.ECHOES));
      send(channel);
      channel.deregister().sync();
      stage.leaked();
    }
  }

  /** The slower one of two attempts, which nobody closes. */
  static final class Unused extends NettyConnections {
    @Override
    public void step(Stage stage, int i) throws Exception {
      stage.keep(connect(stage, Manner.HOLDS));
      stage.leaked();
    }
  }

  /**
   * Each of sixty is paused for twenty seconds, and then is on no loop for ten, what may come; then
   * all goes on.
   */
  static final class Moved extends NettyConnections {
    private static final int MOST = 60;
    private static final int EACH = 35;
    private static final int PAUSED = 20;
    private static final int AWAY = 10;

    private final List<Channel> channels = new ArrayList<>();

    @Override
    public Truth truth() {
      return Truth.clean();
    }

    @Override
    public void step(Stage stage, int i) throws Exception {
      if (channels.size() < MOST) {
        channels.add(connect(stage, Manner.ECHOES));
      }
      for (int n = 0; n < channels.size(); n++) {
        Channel channel = channels.get(n);
        switch ((i - n) % EACH) {
          case 0 -> send(channel);
          case 1 -> channel.config().setAutoRead(false);
          case 2 -> send(channel);
          case PAUSED + 1 -> channel.deregister().sync();
          case PAUSED + AWAY + 1 -> {
            register(channel);
            channel.config().setAutoRead(true);
          }
          default -> {}
        }
      }
    }

    @Override
    public void finish() throws Exception {
      for (Channel channel : channels) {
        channel.close().sync();
      }
    }
  }
}
