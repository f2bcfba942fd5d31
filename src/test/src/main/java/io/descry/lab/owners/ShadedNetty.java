package io.descry.lab.owners;

import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Netty 4.1, as gRPC brings it in a package of its own. */
final class ShadedNetty {
  private ShadedNetty() {}

  static AutoCloseable epoll(Path directory) throws Exception {
    EpollEventLoopGroup group = new EpollEventLoopGroup(2);
    group.submit(() -> {}).get();
    return () -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
  }
}
