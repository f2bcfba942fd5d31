package io.descry.owner.fake.netty.channel.epoll;

import io.descry.owner.fake.netty.channel.unix.FileDescriptor;

/** A moved and thinned copy of a whole with parts. */
public class EpollEventLoop {
  final FileDescriptor epollFd;
  final Thread thread = Thread.currentThread();

  public EpollEventLoop(int number) {
    epollFd = new FileDescriptor(number);
  }

  /** The part. */
  public FileDescriptor epoll() {
    return epollFd;
  }
}
