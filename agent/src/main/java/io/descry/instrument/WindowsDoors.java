package io.descry.instrument;

import static io.descry.instrument.Doors.DESCRIPTOR;
import static io.descry.instrument.Doors.FD_FIELD;
import static io.descry.instrument.Doors.FD_PARAMETER;
import static io.descry.instrument.Doors.RESULT;
import static io.descry.instrument.Doors.THIS;
import static io.descry.instrument.Doors.accepts;
import static io.descry.instrument.Doors.after;
import static io.descry.instrument.Doors.before;
import static io.descry.instrument.Doors.closes;
import static io.descry.instrument.Doors.closesOwned;
import static io.descry.instrument.Doors.intField;
import static io.descry.instrument.Doors.kind;
import static io.descry.instrument.Doors.opensOwned;
import static io.descry.ledger.OpenKind.DIRECTORY;
import static io.descry.ledger.OpenKind.IO_COMPLETION;
import static io.descry.ledger.OpenKind.PATH;
import static io.descry.ledger.OpenKind.PIPE;
import static io.descry.ledger.OpenKind.PROCESS;
import static io.descry.ledger.OpenKind.SOCKET_TCP;
import static io.descry.ledger.OpenKind.SOCKET_UDP;
import static io.descry.ledger.OpenKind.SOCKET_UNIX;

import java.util.List;

/**
 * The JDK's doors on Windows, as {@link Doors} has those on Linux. Read in the Windows classes of
 * JDK 17.0.19 and 25.0.1; a test compares the native methods behind these rows with those that the
 * classes of both have.
 *
 * <p>Not a door is what one call opens and closes, which attributes, links and copies of files do,
 * and what Java never has the handle of: the events in overlapped requests. A pipe between
 * channels, which a selector wakes itself with too, is two connected sockets, and they come through
 * the sockets' doors.
 */
final class WindowsDoors {
  private static final String ASYNCHRONOUS = "sun/nio/ch/WindowsAsynchronous";
  private static final String LISTING = "sun/nio/fs/WindowsDirectoryStream";
  private static final String WATCHER = "sun/nio/fs/WindowsWatchService$";
  private static final String TWO_STACKS = "java/net/TwoStacksPlainDatagramSocketImpl";
  private static final Operand SECOND = new Operand.Field("fd1", DESCRIPTOR);

  private WindowsDoors() {}

  /** One row a door. */
  static List<Door> table() {
    return List.of(
        // java.io: open() calls open0(); the handle is in the FileDescriptor afterwards.
        opensOwned("java/io/FileInputStream", "open", "(Ljava/lang/String;)V", FD_FIELD, PATH),
        opensOwned("java/io/FileOutputStream", "open", "(Ljava/lang/String;Z)V", FD_FIELD, PATH),
        opensOwned("java/io/RandomAccessFile", "open", "(Ljava/lang/String;I)V", FD_FIELD, PATH),
        closesOwned("java/io/FileDescriptor", "close", "()V", THIS),
        closes("java/io/FileCleanable", "performCleanup", "()V", longField("handle")),

        // java.nio.file: FileDispatcherImpl and Unmapper close by FileDescriptor.close().
        opensOwned("sun/nio/fs/WindowsChannelFactory", "open", "(Ljava/lang/String;", RESULT, PATH),
        opensOwned(
            "sun/nio/ch/FileDispatcherImpl", "duplicateForMapping", "(" + DESCRIPTOR, RESULT, PATH),
        opensHandle(WATCHER + "Poller", longField("port")),
        closes(WATCHER + "Poller", "implCloseAll", "()V", longField("port")),
        after(
            WATCHER + "WindowsWatchKey",
            "init",
            "(J",
            "opened",
            "(JLjava/lang/Object;I)V",
            new Operand.Parameter(0),
            THIS,
            kind(DIRECTORY)),
        closes(
            WATCHER + "Poller",
            "releaseResources",
            "(L" + WATCHER + "WindowsWatchKey;)V",
            new Operand.ParameterField(0, WATCHER + "WindowsWatchKey", "handle", "J")),
        after(
            LISTING,
            "<init>",
            "(",
            "searching",
            "(Ljava/lang/Object;J)V",
            THIS,
            longField("handle")),
        before(
            LISTING,
            "close",
            "()V",
            "searched",
            "(ZJ)V",
            new Operand.Field("isOpen", "Z"),
            longField("handle")),

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
        closesOwned(
            "sun/nio/ch/SocketDispatcher", "invalidateAndClose", "(" + DESCRIPTOR, FD_PARAMETER),
        closes(ASYNCHRONOUS + "SocketChannelImpl", "implClose", "()V", longField("handle")),
        closes(ASYNCHRONOUS + "ServerSocketChannelImpl", "implClose", "()V", longField("handle")),

        // java.net's old sockets, still in 17 (-Djdk.net.usePlainSocketImpl).
        opensOwned("java/net/AbstractPlainSocketImpl", "create", "(Z)V", FD_FIELD, SOCKET_TCP),
        opensOwned(
            "java/net/AbstractPlainSocketImpl",
            "accept",
            "(Ljava/net/SocketImpl;)V",
            new Operand.ParameterField(0, "java/net/SocketImpl", "fd", DESCRIPTOR),
            SOCKET_TCP),
        closesOwned("java/net/PlainSocketImpl", "socketClose0", "(Z)V", FD_FIELD),
        opensOwned(
            "java/net/AbstractPlainDatagramSocketImpl", "create", "()V", FD_FIELD, SOCKET_UDP),
        closesOwned("java/net/AbstractPlainDatagramSocketImpl", "close", "()V", FD_FIELD),
        closes("java/net/SocketCleanable", "performCleanup", "()V", intField("fd")),
        // Two sockets, for IPv4 and 6, and bind0() may put others in their places.
        opensOwned(TWO_STACKS, "create", "()V", SECOND, SOCKET_UDP),
        closesOwned(TWO_STACKS, "bind0", "(ILjava/net/InetAddress;)V", FD_FIELD),
        closesOwned(TWO_STACKS, "bind0", "(ILjava/net/InetAddress;)V", SECOND),
        opensOwned(TWO_STACKS, "bind0", "(ILjava/net/InetAddress;)V", FD_FIELD, SOCKET_UDP),
        opensOwned(TWO_STACKS, "bind0", "(ILjava/net/InetAddress;)V", SECOND, SOCKET_UDP),
        closesOwned(TWO_STACKS, "close", "()V", FD_FIELD),
        closesOwned(TWO_STACKS, "close", "()V", SECOND),

        // Completion ports: of a selector (wepoll's handle is one), and of asynchronous channels.
        opensHandle("sun/nio/ch/WEPollSelectorImpl", longField("eph")),
        closes("sun/nio/ch/WEPollSelectorImpl", "implClose", "()V", longField("eph")),
        opensHandle("sun/nio/ch/WEPollPoller", longField("handle")),
        opensHandle("sun/nio/ch/Iocp", longField("port")),
        before(
            "sun/nio/ch/Iocp",
            "implClose",
            "()V",
            "closing",
            "(ZJ)V",
            new Operand.Field("closed", "Z"),
            longField("port")),

        // The parent's ends of a child's pipes, -1 where there is none (ProcessImpl_md.c).
        after(
            "java/lang/ProcessImpl",
            "<init>",
            "([Ljava/lang/String;Ljava/lang/String;Ljava/lang/String;[J",
            "opened",
            "([JI)V",
            new Operand.Parameter(3),
            kind(PIPE)),
        // The handle of the child has no owner: the JDK closes it once its Process is collected.
        after(
            "java/lang/ProcessImpl",
            "<init>",
            "([Ljava/lang/String;Ljava/lang/String;Ljava/lang/String;[J",
            "opened",
            "(JI)V",
            longField("handle"),
            kind(PROCESS)),
        before(
            "java/lang/ProcessImpl",
            "lambda$new$0",
            "(J)V",
            "cleaning",
            "(J)V",
            new Operand.Parameter(0)));
  }

  private static Door opensHandle(String type, Operand handle) {
    return after(
        type,
        "<init>",
        "(",
        "opened",
        "(JLjava/lang/Object;I)V",
        handle,
        THIS,
        kind(IO_COMPLETION));
  }

  private static Door closes(String type, String method, String descriptor, Operand handle) {
    boolean isLong =
        handle instanceof Operand.Field field && field.descriptor().equals("J")
            || handle instanceof Operand.ParameterField;
    return before(type, method, descriptor, "closing", isLong ? "(J)V" : "(I)V", handle);
  }

  private static Operand longField(String name) {
    return new Operand.Field(name, "J");
  }
}
