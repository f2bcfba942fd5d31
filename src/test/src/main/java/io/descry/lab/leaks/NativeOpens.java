package io.descry.lab.leaks;

import com.caoccao.javet.interop.V8Host;
import com.sun.jna.NativeLibrary;
import io.descry.lab.Libuv;
import io.descry.lab.Pace;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import one.profiler.AsyncProfiler;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Ways by which native code opens descriptors on an application's behalf, and keeps them. */
public final class NativeOpens {
  private static final List<Object> KEPT = new ArrayList<>();

  private NativeOpens() {}

  /**
   * What opens something with the library of this name, each time it is run.
   *
   * @throws IllegalArgumentException for a name that is not known
   */
  public static Pace.Step by(String library, Path directory) {
    return switch (library) {
      case "netty" -> NativeOpens::netty;
      case "vertx" -> NativeOpens::vertx;
      case "libuv" -> () -> libuv(directory);
      case "libuv-failing" -> () -> libuvFailing(directory);
      case "sqlite" -> () -> sqlite(directory);
      case "rocksdb" -> () -> rocksdb(directory);
      case "io_uring" -> NativeOpens::ioUring;
      case "javet" -> NativeOpens::javet;
      case "ffm" -> NativeOpens::libcByFfm;
      case "jna" -> NativeOpens::libcByJna;
      case "profiler" -> () -> profiler(directory);
      default -> throw new IllegalArgumentException(library);
    };
  }

  private static void netty() throws Exception {
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    group.submit(() -> {}).get();
    KEPT.add(group);
  }

  private static void vertx() {
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
    if (!vertx.isNativeTransportEnabled()) {
      throw new IllegalStateException(
          "no native transport", vertx.unavailableNativeTransportCause());
    }
    KEPT.add(vertx);
  }

  private static void libuv(Path directory) throws Exception {
    Path file = directory.resolve("file");
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
    KEPT.add(new Libuv.Loop(file.toString()));
  }

  /** An error path that forgets what it had opened by then. */
  private static void libuvFailing(Path directory) {
    try {
      KEPT.add(new Libuv.Loop(directory.resolve("missing").toString()));
    } catch (IllegalStateException e) {
      // ENOENT, as is to be.
      return;
    }
    throw new IllegalStateException("opened what is missing");
  }

  private static void sqlite(Path directory) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("db"));
    try (Statement statement = connection.createStatement()) {
      statement.execute("create table if not exists t (x)");
    }
    KEPT.add(connection);
  }

  private static void rocksdb(Path directory) throws RocksDBException {
    Options options = new Options().setCreateIfMissing(true);
    KEPT.add(options);
    KEPT.add(RocksDB.open(options, directory.resolve("db" + KEPT.size()).toString()));
  }

  /** A ring, a connection and what accepted it: the last is opened by the kernel, in the ring. */
  private static void ioUring() throws Exception {
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, IoUringIoHandler.newFactory());
    Channel server =
        new ServerBootstrap()
            .group(group)
            .channel(IoUringServerSocketChannel.class)
            .childHandler(new ChannelInboundHandlerAdapter())
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    KEPT.add(
        new Bootstrap()
            .group(group)
            .channel(IoUringSocketChannel.class)
            .handler(new ChannelInboundHandlerAdapter())
            .connect(server.localAddress())
            .sync()
            .channel());
    KEPT.add(server);
  }

  private static void javet() throws Exception {
    KEPT.add(V8Host.getNodeInstance().createV8Runtime());
  }

  /** The first time asks for no function: what has its address already passes the tracer by. */
  private static void libcByJna() {
    if (KEPT.isEmpty()) {
      KEPT.add(NativeLibrary.getProcess());
      return;
    }
    int number =
        NativeLibrary.getProcess().getFunction("open").invokeInt(new Object[] {"/etc/hostname", 0});
    if (number < 0) {
      throw new IllegalStateException("open failed");
    }
  }

  /** By reflection, as the lab is compiled for JDK 17: {@code eventfd(0, 0)}. */
  private static void libcByFfm() throws Exception {
    String foreign = "java.lang.foreign.";
    Class<?> linkerType = Class.forName(foreign + "Linker");
    Class<?> layout = Class.forName(foreign + "MemoryLayout");
    Class<?> descriptor = Class.forName(foreign + "FunctionDescriptor");
    Class<?> option = Class.forName(foreign + "Linker$Option").arrayType();
    Object linker = linkerType.getMethod("nativeLinker").invoke(null);
    Object lookup = linkerType.getMethod("defaultLookup").invoke(linker);
    Optional<?> eventfd =
        (Optional<?>)
            Class.forName(foreign + "SymbolLookup")
                .getMethod("find", String.class)
                .invoke(lookup, "eventfd");
    Object number = Class.forName(foreign + "ValueLayout").getField("JAVA_INT").get(null);
    Object numbers = Array.newInstance(layout, 2);
    Array.set(numbers, 0, number);
    Array.set(numbers, 1, number);
    Object signature =
        descriptor.getMethod("of", layout, layout.arrayType()).invoke(null, number, numbers);
    MethodHandle call =
        (MethodHandle)
            linkerType
                .getMethod(
                    "downcallHandle", Class.forName(foreign + "MemorySegment"), descriptor, option)
                .invoke(
                    linker,
                    eventfd.orElseThrow(),
                    signature,
                    Array.newInstance(option.getComponentType(), 0));
    try {
      KEPT.add(call.invokeWithArguments(0, 0));
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first time only loads it; the second starts it, with a recording that stays open. */
  private static void profiler(Path directory) throws Exception {
    AsyncProfiler profiler = AsyncProfiler.getInstance();
    if (KEPT.isEmpty()) {
      KEPT.add(profiler);
    } else {
      profiler.execute("start,jfr,event=ctimer,file=" + directory.resolve("profile.jfr"));
    }
  }
}
