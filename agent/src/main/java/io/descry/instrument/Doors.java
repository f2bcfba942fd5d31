package io.descry.instrument;

import static io.descry.instrument.Door.When.AFTER;
import static io.descry.instrument.Door.When.BEFORE;
import static io.descry.ledger.OpenKind.EVENTFD;
import static io.descry.ledger.OpenKind.EVENTPOLL;
import static io.descry.ledger.OpenKind.INOTIFY;
import static io.descry.ledger.OpenKind.PATH;
import static io.descry.ledger.OpenKind.PIPE;
import static io.descry.ledger.OpenKind.SOCKET_OTHER;
import static io.descry.ledger.OpenKind.SOCKET_TCP;
import static io.descry.ledger.OpenKind.SOCKET_UDP;
import static io.descry.ledger.OpenKind.SOCKET_UNIX;

import io.descry.ledger.OpenKind;
import java.util.List;

/**
 * The JDK's doors on Linux: every method through which Java code opens or closes a descriptor, on
 * JDK 17 to 25. Rows whose class or method a release does not have are simply not used there; a
 * test on each JDK compares the native methods behind these rows with those that the JDK has.
 *
 * <p>A native method cannot be advised, so a row names the Java method that calls it.
 */
final class Doors {
  static final String DESCRIPTOR = "Ljava/io/FileDescriptor;";
  static final Operand FD_FIELD = new Operand.Field("fd", DESCRIPTOR);
  static final Operand FD_PARAMETER = new Operand.ParameterOfType(DESCRIPTOR);
  static final Operand THIS = new Operand.This();
  static final Operand RESULT = new Operand.Result();

  /** One row a door. */
  static List<Door> table() {
    return List.of(
        // java.io: open() calls open0(); the number is in the FileDescriptor afterwards.
        opensOwned("java/io/FileInputStream", "open", "(Ljava/lang/String;)V", FD_FIELD, PATH),
        opensOwned("java/io/FileOutputStream", "open", "(Ljava/lang/String;Z)V", FD_FIELD, PATH),
        opensOwned("java/io/RandomAccessFile", "open", "(Ljava/lang/String;I)V", FD_FIELD, PATH),
        closesOwned("java/io/FileDescriptor", "close", "()V", THIS),
        closes("java/io/FileCleanable", "performCleanup", intField("fd")),

        // java.nio.file: a number first, its owner once it is wrapped.
        opensPath("open", "(Lsun/nio/fs/UnixPath;II)I"),
        opensPath("openat", "(I[BII)I"),
        closes("sun/nio/fs/UnixNativeDispatcher", "close", "(I)V", new Operand.Parameter(0)),
        after(
            "sun/nio/fs/UnixChannelFactory",
            "open",
            "(I",
            "adopted",
            "(" + DESCRIPTOR + ")V",
            RESULT),
        after(
            "sun/nio/fs/UnixSecureDirectoryStream",
            "<init>",
            "(Lsun/nio/fs/UnixPath;JI",
            "directoryStream",
            "(Ljava/lang/Object;JI)V",
            THIS,
            new Operand.Parameter(1),
            new Operand.Parameter(2)),
        before(
            "sun/nio/fs/UnixDirectoryStream",
            "closeImpl",
            "()Z",
            "closingDirectory",
            "(ZJ)V",
            new Operand.Field("isClosed", "Z"),
            new Operand.Field("dp", "J")),
        opensNumber("sun/nio/fs/LinuxWatchService$Poller", intField("ifd"), INOTIFY),
        opensNumbers("sun/nio/fs/LinuxWatchService$Poller", intsField("socketpair"), SOCKET_UNIX),

        // Sockets, those of java.net too.
        after(
            "sun/nio/ch/Net",
            "socket",
            "(Ljava/net/ProtocolFamily;Z)" + DESCRIPTOR,
            "socket",
            "(" + DESCRIPTOR + "Z)V",
            RESULT,
            new Operand.Parameter(1)),
        opensOwned("sun/nio/ch/Net", "serverSocket", "(", RESULT, SOCKET_TCP),
        opensOwned("sun/nio/ch/UnixDomainSockets", "socket", "()", RESULT, SOCKET_UNIX),
        accepts("sun/nio/ch/UnixDomainSockets", "accept", SOCKET_UNIX),
        accepts("sun/nio/ch/ServerSocketChannelImpl", "implAccept", SOCKET_TCP),
        opensOwned(
            "sun/nio/ch/NioSocketImpl",
            "accept",
            "(Ljava/net/SocketImpl;)V",
            new Operand.ParameterField(0, "sun/nio/ch/NioSocketImpl", "fd", DESCRIPTOR),
            SOCKET_TCP),
        before(
            "sun/nio/ch/UnixAsynchronousServerSocketChannelImpl",
            "finishAccept",
            "(" + DESCRIPTOR,
            "opened",
            "(" + DESCRIPTOR + "I)V",
            new Operand.Parameter(0),
            kind(SOCKET_TCP)),
        inheritedChannel("InheritedSocketChannelImpl"),
        inheritedChannel("InheritedServerSocketChannelImpl"),
        inheritedChannel("InheritedDatagramChannelImpl"),
        opensOwned("sun/nio/ch/sctp/SctpNet", "socket", "(Z)", RESULT, SOCKET_OTHER),
        opensOwned("sun/nio/ch/sctp/SctpNet", "branch", "(II)", RESULT, SOCKET_OTHER),
        opensOwned("sun/nio/ch/sctp/SctpChannelImpl", "<init>", "(", FD_FIELD, SOCKET_OTHER),
        opensOwned("sun/net/sdp/SdpSupport", "createSocket", "()", RESULT, SOCKET_OTHER),
        closes("sun/nio/ch/sctp/SctpNet", "close", "(I)V", new Operand.Parameter(0)),

        // Closing a socket: SocketDispatcher and DatagramDispatcher on 17, UnixDispatcher later.
        closesOwned("sun/nio/ch/SocketDispatcher", "close", "(" + DESCRIPTOR, FD_PARAMETER),
        closesOwned("sun/nio/ch/DatagramDispatcher", "close", "(" + DESCRIPTOR, FD_PARAMETER),
        closesOwned("sun/nio/ch/UnixDispatcher", "close", "(" + DESCRIPTOR, FD_PARAMETER),
        // A channel closed under its users lives on as a duplicate of a marker socket.
        replaces("sun/nio/ch/FileDispatcherImpl", "preClose"),
        replaces("sun/nio/ch/SocketDispatcher", "preClose"),
        replaces("sun/nio/ch/DatagramDispatcher", "preClose"),
        replaces("sun/nio/ch/UnixDispatcher", "implPreClose"),
        before(
            "sun/nio/ch/sctp/SctpNet",
            "preClose",
            "(I)V",
            "replaced",
            "(I)V",
            new Operand.Parameter(0)),
        // DatagramChannelImpl.repairSocket puts a new socket under the old number.
        repairs("sun/nio/ch/FileDispatcherImpl"),
        repairs("sun/nio/ch/DatagramDispatcher"),

        // java.net's old sockets, still in 17 (-Djdk.net.usePlainSocketImpl).
        opensOwned("java/net/AbstractPlainSocketImpl", "create", "(Z)V", FD_FIELD, SOCKET_TCP),
        opensOwned(
            "java/net/AbstractPlainSocketImpl",
            "accept",
            "(Ljava/net/SocketImpl;)V",
            new Operand.ParameterField(0, "java/net/SocketImpl", "fd", DESCRIPTOR),
            SOCKET_TCP),
        before(
            "java/net/AbstractPlainSocketImpl",
            "socketPreClose",
            "()V",
            "replaced",
            "(" + DESCRIPTOR + ")V",
            FD_FIELD),
        closesOwned("java/net/AbstractPlainSocketImpl", "socketClose", "()V", FD_FIELD),
        opensOwned(
            "java/net/AbstractPlainDatagramSocketImpl", "create", "()V", FD_FIELD, SOCKET_UDP),
        closesOwned("java/net/AbstractPlainDatagramSocketImpl", "close", "()V", FD_FIELD),
        closes("java/net/SocketCleanable", "performCleanup", intField("fd")),

        // Selectors, ports, pipes: several descriptors with one owner.
        opensNumber("sun/nio/ch/EPollSelectorImpl", intField("epfd"), EVENTPOLL),
        closes("sun/nio/ch/EPollSelectorImpl", "implClose", intField("epfd")),
        opensNumber("sun/nio/ch/EventFD", intField("efd"), EVENTFD),
        closes("sun/nio/ch/EventFD", "close", intField("efd")),
        opensNumber("sun/nio/ch/EPollPoller", intField("epfd"), EVENTPOLL),
        opensNumber("sun/nio/ch/EPollPort", intField("epfd"), EVENTPOLL),
        opensNumbers("sun/nio/ch/EPollPort", intsField("sp"), PIPE),
        closes("sun/nio/ch/EPollPort", "implClose", intField("epfd")),
        before("sun/nio/ch/EPollPort", "implClose", "()V", "closing", "([I)V", intsField("sp")),
        opensNumber("sun/nio/ch/PollSelectorImpl", intField("fd0"), PIPE),
        opensNumber("sun/nio/ch/PollSelectorImpl", intField("fd1"), PIPE),
        closes("sun/nio/ch/PollSelectorImpl", "implClose", intField("fd0")),
        closes("sun/nio/ch/PollSelectorImpl", "implClose", intField("fd1")),
        opensOwned("sun/nio/ch/SourceChannelImpl", "<init>", "(", FD_FIELD, PIPE),
        opensOwned("sun/nio/ch/SinkChannelImpl", "<init>", "(", FD_FIELD, PIPE),

        // The parent's ends of a child's pipes.
        opensOwned("java/lang/ProcessImpl", "newFileDescriptor", "(I)", RESULT, PIPE));
  }

  private Doors() {}

  static Door opensOwned(
      String type, String method, String descriptor, Operand owner, OpenKind kind) {
    return after(type, method, descriptor, "opened", "(" + DESCRIPTOR + "I)V", owner, kind(kind));
  }

  private static Door opensPath(String method, String descriptor) {
    return after(
        "sun/nio/fs/UnixNativeDispatcher", method, descriptor, "openedPath", "(I)V", RESULT);
  }

  static Door opensNumber(String type, Operand number, OpenKind kind) {
    return after(
        type, "<init>", "(", "opened", "(ILjava/lang/Object;I)V", number, THIS, kind(kind));
  }

  static Door opensNumbers(String type, Operand numbers, OpenKind kind) {
    return after(
        type, "<init>", "(", "opened", "([ILjava/lang/Object;I)V", numbers, THIS, kind(kind));
  }

  static Door accepts(String type, String method, OpenKind kind) {
    return after(
        type,
        method,
        "(" + DESCRIPTOR + DESCRIPTOR,
        "accepted",
        "(I" + DESCRIPTOR + "I)V",
        RESULT,
        new Operand.Parameter(1),
        kind(kind));
  }

  private static Door inheritedChannel(String name) {
    return opensOwned(
        "sun/nio/ch/InheritedChannel$" + name, "<init>", "(", FD_PARAMETER, SOCKET_OTHER);
  }

  static Door closes(String type, String method, Operand number) {
    return closes(type, method, "()V", number);
  }

  static Door closes(String type, String method, String descriptor, Operand number) {
    return before(type, method, descriptor, "closing", "(I)V", number);
  }

  static Door closesOwned(String type, String method, String descriptor, Operand owner) {
    return before(type, method, descriptor, "closing", "(" + DESCRIPTOR + ")V", owner);
  }

  private static Door replaces(String type, String method) {
    return before(
        type, method, "(" + DESCRIPTOR, "replaced", "(" + DESCRIPTOR + ")V", FD_PARAMETER);
  }

  private static Door repairs(String type) {
    return before(
        type,
        "dup",
        "(" + DESCRIPTOR + DESCRIPTOR,
        "replaced",
        "(" + DESCRIPTOR + ")V",
        new Operand.Parameter(1));
  }

  static Door after(
      String type,
      String method,
      String descriptor,
      String call,
      String callDescriptor,
      Operand... operands) {
    return new Door(type, method, descriptor, AFTER, call, callDescriptor, List.of(operands));
  }

  static Door before(
      String type,
      String method,
      String descriptor,
      String call,
      String callDescriptor,
      Operand... operands) {
    return new Door(type, method, descriptor, BEFORE, call, callDescriptor, List.of(operands));
  }

  static Operand kind(OpenKind kind) {
    return new Operand.Constant(kind.ordinal());
  }

  static Operand intField(String name) {
    return new Operand.Field(name, "I");
  }

  private static Operand intsField(String name) {
    return new Operand.Field(name, "[I");
  }
}
