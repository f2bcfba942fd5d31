package io.descry.lab.clean;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.concurrent.TimeUnit;

/** Event loop groups on the native transport, made and shut down. */
final class NettyCycles implements Habit {
  @Override
  public void step(int i) throws Exception {
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(2, EpollIoHandler.newFactory());
    group.submit(() -> {}).get();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
  }
}
