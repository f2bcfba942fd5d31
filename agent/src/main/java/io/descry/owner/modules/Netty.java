package io.descry.owner.modules;

import static io.descry.owner.Claim.numberField;
import static io.descry.owner.Claim.numberGetter;
import static io.descry.owner.Claim.numberParameter;

import io.descry.owner.HandleType;
import io.descry.owner.OwnerModule;
import java.util.List;

/**
 * Netty's native transports for Linux, 4.1 and 4.2. All their descriptors but the ring itself are
 * in a {@code unix.FileDescriptor}, sockets that io_uring accepts too: these come out of a
 * completion, without any call of the C library. {@code markClosed} is the way to every close; that
 * of the ring does not pass {@code close}.
 */
public final class Netty implements OwnerModule {
  /** Called by the service loader. */
  public Netty() {}

  @Override
  public List<HandleType> handles() {
    return List.of(
        HandleType.of("io.netty.channel.unix.FileDescriptor")
            .opens("<init>", numberParameter())
            .closes("markClosed", numberField("fd"))
            .closes("close", numberField("fd")),
        // 4.1
        HandleType.of("io.netty.channel.epoll.EpollEventLoop")
            .parts("<init>", "epollFd", "eventFd", "timerFd")
            .parts("openFileDescriptors", "epollFd", "eventFd", "timerFd"),
        HandleType.of("io.netty.incubator.channel.uring.IOUringEventLoop")
            .parts("<init>", "eventfd", "ringBuffer"),
        HandleType.of("io.netty.incubator.channel.uring.RingBuffer")
            .opens("<init>", numberGetter("fd"))
            .closes("close", numberGetter("fd")),
        // 4.2
        HandleType.of("io.netty.channel.epoll.EpollIoHandler")
            .parts("<init>", "epollFd", "eventFd", "timerFd")
            .parts("openFileDescriptors", "epollFd", "eventFd", "timerFd"),
        HandleType.of("io.netty.channel.uring.IoUringIoHandler")
            .parts("<init>", "eventfd", "ringBuffer"),
        HandleType.of("io.netty.channel.uring.RingBuffer")
            .opens("<init>", numberGetter("fd"))
            .closes("close", numberGetter("fd")));
  }

  @Override
  public String artifact(String className) {
    if (className.contains(".incubator.")) {
      return "io.netty.incubator:netty-incubator-transport-native-io_uring";
    }
    if (className.contains(".channel.uring.")) {
      return "io.netty:netty-transport-native-io_uring";
    }
    return className.contains(".channel.epoll.")
        ? "io.netty:netty-transport-native-epoll"
        : "io.netty:netty-transport-native-unix-common";
  }

  /**
   * Event loops have private descriptors, made in their constructors and closed at the end of their
   * own run, with neither cleaner nor finalizer (EpollEventLoop.cleanup, EpollIoHandler.destroy,
   * IOUringEventLoop.cleanup, IoUringIoHandler.destroy): so say the sources of
   * transport-classes-epoll and transport-native-unix-common of 4.1 and 4.2,
   * transport-classes-io_uring of 4.2, and the incubator's, in none of which a class has a
   * finalizer, a cleaner or a phantom reference. While its thread runs, the thread keeps the loop
   * reachable (SingleThreadEventExecutor.doStartThread), and before that thread ends it closes
   * them. Other {@code FileDescriptor}s and sockets may wrap a number that somebody else has too
   * ({@code new EpollSocketChannel(int)}, {@code intValue()}).
   */
  @Override
  public boolean closesAlone(String className, String wholeClassName) {
    return wholeClassName != null;
  }

  @Override
  public String meaning(Object handle) {
    // In 4.2 the loop is what its handler runs in (ThreadAwareExecutor), in 4.1 it is the handle.
    Object executor = FieldValue.of(handle, "executor");
    boolean runsInLoop = FieldValue.of(executor, "thread") instanceof Thread;
    Object loop = runsInLoop ? executor : handle;
    return FieldValue.of(loop, "thread") instanceof Thread thread
        ? "event loop of thread " + thread.getName() + group(loop)
        : null;
  }

  private static String group(Object loop) {
    Object group = FieldValue.of(loop, "parent");
    return group == null
        ? ""
        : " in " + group.getClass().getSimpleName() + '@' + Integer.toHexString(identity(group));
  }

  /** As {@code Object.toString()} shows it, which no class of Netty's here overrides. */
  private static int identity(Object object) {
    return System.identityHashCode(object);
  }
}
