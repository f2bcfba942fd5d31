package io.descry.owner.fake.netty.channel.unix;

/** A moved and thinned copy of a handle that knows its number. */
public class FileDescriptor {
  final int fd;

  public FileDescriptor(int fd) {
    if (fd < 0) {
      throw new IllegalArgumentException("negative");
    }
    this.fd = fd;
  }

  public FileDescriptor(String number) {
    this(Integer.parseInt(number));
  }

  public boolean markClosed() {
    return fd > 0;
  }
}
