package io.descry.report;

import io.descry.detect.Confidence;
import io.descry.detect.Evidence;
import io.descry.detect.Finding;
import io.descry.detect.Verdict;
import io.descry.os.Blind;
import io.descry.os.Descriptor;
import io.descry.os.Kind;
import io.descry.os.Limits;
import io.descry.os.Socket;
import io.descry.os.tracer.NativeError;
import io.descry.reconcile.GarbageCollections;
import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Library;
import io.descry.reconcile.OwnedDescriptor;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Reconciliation;
import io.descry.reconcile.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A web service in trouble: two leaks, one suspicion and one hazard beside healthy traffic. */
public final class Sample {
  public static final Instant WRITTEN = Instant.parse("2026-11-23T03:14:05.250Z");
  public static final Instant STARTED = WRITTEN.minus(Duration.ofMinutes(72));

  static final ProcessFacts PROCESS =
      new ProcessFacts(
          4711,
          "com.acme.orders.OrderService --port 8080",
          "17.0.15+6",
          "OpenJDK 64-Bit Server VM 17.0.15+6",
          "Linux amd64",
          "6.1.0-37-amd64",
          "kubernetes");

  static final Site ARCHIVE =
      new Site(
          List.of(
              "java.base/sun.nio.ch.FileChannelImpl.open(FileChannelImpl.java:74)",
              "java.base/sun.nio.fs.UnixChannelFactory.newFileChannel(UnixChannelFactory.java:145)",
              "java.base/java.nio.channels.FileChannel.open(FileChannel.java:298)",
              "java.base/java.nio.channels.FileChannel.open(FileChannel.java:357)",
              "com.acme.orders.Archive.append(Archive.java:88)",
              "com.acme.orders.OrderHandler$$Lambda/0x00007f3a4c0a1c00.accept(Unknown Source)",
              "com.acme.orders.OrderHandler.handle(OrderHandler.java:41)",
              "io.vertx.ext.web.impl.RouteState.handleContext(RouteState.java:1285)",
              "io.vertx.ext.web.impl.RoutingContextImplBase.iterateNext(RoutingContextImplBase.java:177)",
              "io.vertx.ext.web.impl.RoutingContextImpl.next(RoutingContextImpl.java:137)",
              "io.vertx.core.http.impl.Http1xServerRequestHandler.handle(Http1xServerRequestHandler.java:67)",
              "io.vertx.core.impl.ContextImpl.emit(ContextImpl.java:328)",
              "io.netty.channel.AbstractChannelHandlerContext.invokeChannelRead(AbstractChannelHandlerContext.java:444)",
              "io.netty.channel.epoll.EpollEventLoop.run(EpollEventLoop.java:403)",
              "java.base/java.lang.Thread.run(Thread.java:840)"),
          List.of());

  static final Site TRANSPORT =
      new Site(
          List.of(
              "io.netty.channel.epoll.Native.newEpollCreate(Native.java:147)",
              "io.netty.channel.epoll.EpollEventLoop.<init>(EpollEventLoop.java:107)",
              "app//com.acme.orders.Notifier.notify(Notifier.java:52)",
              "com.acme.orders.OrderHandler.handle(OrderHandler.java:60)"),
          List.of(
              "libnetty_transport_native_epoll_x86_64.so!netty_epoll_native_epollCreate+0x2c",
              "libjvm.so!JavaCalls::call_helper+0x2f3"));

  static final Site UPSTREAM =
      new Site(
          List.of(
              "java.base/sun.nio.ch.SocketChannelImpl.<init>(SocketChannelImpl.java:126)",
              "java.base/java.nio.channels.SocketChannel.open(SocketChannel.java:192)",
              "com.acme.stock.StockClient.connect(StockClient.java:31)"),
          List.of());

  static final Site EXPORT =
      new Site(
          List.of(
              "java.base/java.io.FileInputStream.<init>(FileInputStream.java:155)",
              "com.acme.orders.Export.read(Export.java:17)"),
          List.of());

  static final Site POOL =
      new Site(
          List.of(
              "java.base/sun.nio.ch.Net.socket(Net.java:525)",
              "org.postgresql.core.PGStream.createSocket(PGStream.java:260)",
              "com.zaxxer.hikari.pool.PoolBase.newConnection(PoolBase.java:360)"),
          List.of());

  static final GroupKey FILES = new GroupKey(Owner.JAVA, null, Kind.FILE, ARCHIVE);
  static final GroupKey POLLS =
      new GroupKey(
          Owner.LIBRARY,
          new Library(
              "netty-transport-native-epoll",
              "4.2.20.Final",
              "/tmp/libnetty_transport_native_epoll_x86_64123.so (deleted)"),
          Kind.EVENTPOLL,
          TRANSPORT);
  static final GroupKey SOCKETS = new GroupKey(Owner.JAVA, null, Kind.SOCKET_TCP, UPSTREAM);
  static final GroupKey CONNECTIONS = new GroupKey(Owner.JAVA, null, Kind.SOCKET_TCP, POOL);
  static final GroupKey JARS = new GroupKey(Owner.JVM, null, Kind.FILE, Site.UNKNOWN);
  static final GroupKey STANDARD = new GroupKey(Owner.INHERITED, null, Kind.PIPE, Site.UNKNOWN);

  private Sample() {}

  /** The service in trouble. */
  public static ReportData troubled() {
    List<Group> groups = troubledGroups();
    List<Finding> findings =
        List.of(
            unreachable(groups.get(0)),
            growth(groups.get(1)),
            peerGone(groups.get(2)),
            collected(),
            hazard());
    return data(
        "threshold",
        groups,
        new Verdict(findings, 0.29, WRITTEN.plusSeconds(391)),
        List.of(
            new Blind(
                "native stacks",
                STARTED,
                "the native tracer is off (native=off); libraries are told by their open files")));
  }

  /** A service that has no trouble at all. */
  public static ReportData healthy() {
    return data(
        "shutdown",
        List.of(
            new Group(CONNECTIONS, sockets(CONNECTIONS, 100, 10, "ESTABLISHED")),
            new Group(JARS, files(JARS, 4, 12, "/opt/orders/lib/dependency-%d.jar")),
            new Group(STANDARD, files(STANDARD, 0, 3, "pipe:[%d]"))),
        Verdict.NONE,
        List.of());
  }

  public static List<Group> troubledGroups() {
    return List.of(
        new Group(FILES, files(FILES, 20, 412, "/var/lib/orders/archive-2026-11-%d.log")),
        new Group(POLLS, files(POLLS, 500, 210, "anon_inode:[eventpoll]")),
        new Group(SOCKETS, sockets(SOCKETS, 800, 31, "CLOSE_WAIT")),
        new Group(CONNECTIONS, sockets(CONNECTIONS, 900, 10, "ESTABLISHED")),
        new Group(JARS, files(JARS, 4, 12, "/opt/orders/lib/dependency-%d.jar")),
        new Group(STANDARD, files(STANDARD, 0, 3, "pipe:[%d]")));
  }

  /** A report of groups and a verdict of one's own. */
  public static ReportData data(
      String reason, List<Group> groups, Verdict verdict, List<Blind> blind) {
    return data(reason, groups, verdict, blind, List.of());
  }

  /** Likewise, of a process in which calls of native code failed. */
  static ReportData data(
      String reason,
      List<Group> groups,
      Verdict verdict,
      List<Blind> blind,
      List<NativeError> errors) {
    return new ReportData(
        "0.1.0",
        STARTED,
        WRITTEN,
        reason,
        PROCESS,
        reconciliation(groups, errors),
        verdict,
        blind,
        144,
        false);
  }

  /** A report after Descry did something whose reason is hostile text. */
  static ReportData afterARaise() {
    ReportData data = healthy();
    return new ReportData(
        data.version(),
        data.started(),
        data.written(),
        data.reason(),
        data.process(),
        data.reconciliation(),
        data.verdict(),
        data.blind(),
        data.scans(),
        data.allDescriptors(),
        List.of(),
        List.of(new ActionTaken(WRITTEN, "raise", "the limit was raised\u202e")));
  }

  public static Reconciliation reconciliation(List<Group> groups) {
    return reconciliation(groups, List.of());
  }

  private static Reconciliation reconciliation(List<Group> groups, List<NativeError> errors) {
    return new Reconciliation(
        144,
        WRITTEN,
        new Limits(1024, 4096),
        groups,
        List.of(),
        List.of(),
        errors,
        new GarbageCollections(57, null));
  }

  /** A report with one finding, of the given descriptors. */
  public static ReportData finding(GroupKey key, List<OwnedDescriptor> descriptors) {
    Group group = new Group(key, descriptors);
    return data(
        "demand", List.of(group), new Verdict(List.of(unreachable(group)), 0, null), List.of());
  }

  public static OwnedDescriptor owned(GroupKey key, int number, String target, String thread) {
    return owned(key, number, target, thread, null);
  }

  private static OwnedDescriptor owned(
      GroupKey key, int number, String target, String thread, Socket socket) {
    Descriptor descriptor =
        new Descriptor(number, key.kind(), target, 2049, 90_000 + number, 2, 0, socket, null);
    boolean exactly = key.owner() == Owner.JAVA;
    return new OwnedDescriptor(
        descriptor, key, STARTED.plusSeconds(number), exactly, thread, null, null, 9, false);
  }

  private static List<OwnedDescriptor> files(GroupKey key, int first, int count, String target) {
    String thread = key.owner() == Owner.JAVA ? "vert.x-eventloop-thread-3" : null;
    List<OwnedDescriptor> all = new ArrayList<>();
    for (int number = first; number < first + count; number++) {
      all.add(owned(key, number, target.formatted(number), thread));
    }
    return all;
  }

  private static List<OwnedDescriptor> sockets(GroupKey key, int first, int count, String state) {
    return IntStream.range(first, first + count)
        .mapToObj(
            number ->
                owned(
                    key,
                    number,
                    "socket:[" + (70_000 + number) + "]",
                    "stock-" + number % 4,
                    new Socket(
                        "tcp",
                        "10.0.3.7:" + (40_000 + number),
                        "10.0.9.2:5432",
                        state,
                        1,
                        0,
                        61_000)))
        .toList();
  }

  private static Finding unreachable(Group group) {
    return new Finding(
        "owner-unreachable-1",
        "owner-unreachable",
        Confidence.CERTAIN,
        false,
        group.key(),
        group.descriptors().size(),
        group.descriptors(),
        List.of(
            new Evidence(
                "owner-unreachable",
                "The sun.nio.ch.FileChannelImpl that owned each of them has been garbage-collected"
                    + " (57 collections so far), and the number still leads to the same file.",
                "ls -l /proc/4711/fd/20"),
            new Evidence(
                "count",
                "412 are open from this one site.",
                "ls -l /proc/4711/fd | grep -c archive")),
        WRITTEN.minus(Duration.ofMinutes(61)),
        7.2,
        WRITTEN.plusSeconds(941),
        List.of(
            "Close the FileChannel that Archive.append opens: try-with-resources around line 88.",
            "Until then raise the limit (ulimit -n) to win time."));
  }

  private static Finding growth(Group group) {
    return new Finding(
        "growth-1",
        "growth",
        Confidence.PROBABLE,
        false,
        group.key(),
        group.descriptors().size(),
        group.descriptors(),
        List.of(
            new Evidence(
                "growth",
                "Survivors rose in 40 of the last 40 scans, from 12 to 210 in 20 min"
                    + " (Mann-Kendall, p < 0.0001).",
                "ls -l /proc/4711/fd | grep -c eventpoll")),
        WRITTEN.minus(Duration.ofMinutes(19)),
        9.9,
        WRITTEN.plusSeconds(690),
        List.of("Share one EventLoopGroup, or shut down the one that Notifier.notify creates."));
  }

  private static Finding peerGone(Group group) {
    return new Finding(
        "peer-gone-1",
        "peer-gone",
        Confidence.SUSPECT,
        false,
        group.key(),
        group.descriptors().size(),
        group.descriptors(),
        List.of(
            new Evidence(
                "close-wait",
                "31 sockets are in CLOSE_WAIT for 5 min.",
                "ss -tnp state close-wait")),
        WRITTEN.minus(Duration.ofMinutes(6)),
        Double.NaN,
        null,
        List.of());
  }

  static Finding collected() {
    return new Finding(
        "closed-by-collector-1",
        "closed-by-collector",
        Confidence.CERTAIN,
        false,
        new GroupKey(Owner.JAVA, null, Kind.FILE, EXPORT),
        1234,
        List.of(),
        List.of(
            new Evidence(
                "collected",
                "the garbage collector has closed 1234 that were never closed by the code that"
                    + " opened them",
                "ls -l /proc/4711/fd | grep -c export")),
        WRITTEN.minus(Duration.ofMinutes(70)),
        17.1,
        null,
        List.of("Close the FileInputStream where Export.read opens it."));
  }

  static Finding hazard() {
    return new Finding(
        "closed-behind-owner-1",
        "closed-behind-owner",
        Confidence.CERTAIN,
        true,
        CONNECTIONS,
        1,
        List.of(),
        List.of(
            new Evidence(
                "identity",
                "Java opened fd 907 as socket.tcp; two scans in a row saw /var/log/orders.log"
                    + " there.",
                "ls -l /proc/4711/fd/907")),
        WRITTEN.minus(Duration.ofMinutes(2)),
        0,
        null,
        List.of("Look for native code or a FileDescriptor copy that closes this number."));
  }
}
