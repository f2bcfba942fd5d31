package io.descry.lab.owners;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Netty 4.2: a server, and a client that is connected to it. */
final class Netty {
  private Netty() {}

  static AutoCloseable epoll(Path directory) throws Exception {
    return connected(
        EpollIoHandler.newFactory(), EpollServerSocketChannel.class, EpollSocketChannel.class);
  }

  static AutoCloseable uring(Path directory) throws Exception {
    return connected(
        IoUringIoHandler.newFactory(),
        IoUringServerSocketChannel.class,
        IoUringSocketChannel.class);
  }

  private static AutoCloseable connected(
      IoHandlerFactory factory,
      Class<? extends ServerChannel> server,
      Class<? extends Channel> client)
      throws Exception {
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, factory);
    CountDownLatch accepted = new CountDownLatch(1);
    Channel listening =
        new ServerBootstrap()
            .group(group)
            .channel(server)
            .childHandler(
                new ChannelInboundHandlerAdapter() {
                  @Override
                  public void channelActive(ChannelHandlerContext context) {
                    accepted.countDown();
                  }
                })
            .bind(new InetSocketAddress("127.0.0.1", 0))
            .sync()
            .channel();
    new Bootstrap()
        .group(group)
        .channel(client)
        .handler(new ChannelInboundHandlerAdapter())
        .connect(listening.localAddress())
        .sync();
    if (!accepted.await(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("nobody accepts");
    }
    return () -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
  }
}
