package io.descry.instrument;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every native method of a JDK for Windows, 17 to 25, that opens or closes a handle, or whose name
 * sounds like it, and what Descry does about it.
 */
final class WindowsNatives {
  /** Java's own name for the native {@code CreateFile0}, which many call. */
  static final String CREATE_FILE = "sun/nio/fs/WindowsNativeDispatcher.CreateFile";

  /** And for {@code FindFirstFile0}. */
  static final String FIND_FIRST_FILE = "sun/nio/fs/WindowsNativeDispatcher.FindFirstFile";

  /** Native methods that open or close a handle which outlives the call, in one caller at least. */
  static final Set<String> ADVISED =
      Set.of(
          CREATE_FILE,
          FIND_FIRST_FILE,
          "sun/nio/fs/WindowsNativeDispatcher.FindClose",
          "sun/nio/fs/WindowsNativeDispatcher.FindFirstFile1",
          "java/lang/ProcessImpl.closeHandle",
          "java/io/FileCleanable.cleanupClose0",
          "java/io/FileDescriptor.close0",
          "java/io/FileInputStream.open0",
          "java/io/FileOutputStream.open0",
          "java/io/RandomAccessFile.open0",
          "java/lang/ProcessImpl.create",
          "java/net/DualStackPlainDatagramSocketImpl.socketClose",
          "java/net/DualStackPlainDatagramSocketImpl.socketCreate",
          "java/net/PlainSocketImpl.accept0",
          "java/net/PlainSocketImpl.close0",
          "java/net/PlainSocketImpl.socket0",
          "java/net/SocketCleanable.cleanupClose0",
          "java/net/TwoStacksPlainDatagramSocketImpl.datagramSocketClose",
          "java/net/TwoStacksPlainDatagramSocketImpl.datagramSocketCreate",
          "sun/nio/ch/FileDispatcherImpl.duplicateHandle",
          "sun/nio/ch/Iocp.close0",
          "sun/nio/ch/Iocp.createIoCompletionPort",
          "sun/nio/ch/Net.accept",
          "sun/nio/ch/Net.socket0",
          "sun/nio/ch/SocketDispatcher.close0",
          "sun/nio/ch/UnixDomainSockets.accept0",
          "sun/nio/ch/UnixDomainSockets.socket0",
          "sun/nio/ch/WEPoll.close",
          "sun/nio/ch/WEPoll.create",
          "sun/nio/ch/WindowsAsynchronousServerSocketChannelImpl.closesocket0",
          "sun/nio/ch/WindowsAsynchronousSocketChannelImpl.closesocket0",
          "sun/nio/fs/WindowsNativeDispatcher.CloseHandle",
          "sun/nio/fs/WindowsNativeDispatcher.CreateIoCompletionPort");

  /** Callers of those that are not advised themselves, and the door through which it comes out. */
  static final Map<String, String> ADVISED_ELSEWHERE =
      Map.ofEntries(
          Map.entry(
              "java/net/AbstractPlainDatagramSocketImpl.datagramSocketClose",
              "java/net/AbstractPlainDatagramSocketImpl.close"),
          Map.entry(
              "java/net/DualStackPlainDatagramSocketImpl.datagramSocketClose",
              "java/net/AbstractPlainDatagramSocketImpl.close"),
          Map.entry(
              "java/net/DualStackPlainDatagramSocketImpl.datagramSocketCreate",
              "java/net/AbstractPlainDatagramSocketImpl.create"),
          Map.entry(
              "java/net/PlainSocketImpl.socketAccept", "java/net/AbstractPlainSocketImpl.accept"),
          Map.entry(
              "java/net/PlainSocketImpl.socketCreate", "java/net/AbstractPlainSocketImpl.create"),
          Map.entry("sun/nio/ch/NioSocketImpl.timedAccept", "sun/nio/ch/NioSocketImpl.accept"),
          // On failure before the channel is there; the descriptor's owner is gone then too.
          Map.entry(
              "sun/nio/ch/WindowsAsynchronousServerSocketChannelImpl.<init>",
              "sun/nio/ch/WindowsAsynchronousServerSocketChannelImpl.implClose"),
          Map.entry(
              "sun/nio/ch/WindowsAsynchronousSocketChannelImpl.<init>",
              "sun/nio/ch/WindowsAsynchronousSocketChannelImpl.implClose"),
          // To give a port another handle: opens nothing.
          Map.entry("sun/nio/ch/Iocp.associate", "sun/nio/ch/Iocp.<init>"),
          Map.entry(
              "sun/nio/fs/WindowsWatchService.<init>",
              "sun/nio/fs/WindowsWatchService$Poller.<init>"),
          Map.entry(
              "sun/nio/fs/WindowsWatchService$Poller.implRegister",
              "sun/nio/fs/WindowsWatchService$WindowsWatchKey.init"),
          // The event of a request, which no door records.
          Map.entry(
              "sun/nio/fs/WindowsWatchService$Poller.closeAttachedEvent",
              "sun/nio/fs/WindowsWatchService$Poller.releaseResources"));

  /** Where the caller closes what it opened before it returns. */
  static final List<String> IN_ONE_CALL =
      List.of(
          "sun/nio/fs/WindowsFileAttributeViews",
          "sun/nio/fs/WindowsFileAttributes.",
          "sun/nio/fs/WindowsFileCopy",
          "sun/nio/fs/WindowsFileSystemProvider.",
          "sun/nio/fs/WindowsLinkSupport.",
          "sun/nio/fs/WindowsNativeDispatcher.CreateFile",
          "sun/nio/fs/WindowsNativeDispatcher.FindFirstFile",
          "sun/nio/fs/WindowsPath.",
          "sun/nio/fs/WindowsSecurity",
          "sun/nio/fs/WindowsUserDefinedFileAttributeView.");

  /** Native methods that sound alike and leave nothing behind, or nothing that Java has. */
  static final Map<String, String> LEFT_ALONE =
      Map.ofEntries(
          Map.entry("java/io/WinNTFileSystem.createDirectory", "opens nothing"),
          Map.entry("java/io/WinNTFileSystem.createDirectory0", "opens nothing"),
          Map.entry("java/io/WinNTFileSystem.createFileExclusively", "opens and closes in one"),
          Map.entry("java/io/WinNTFileSystem.createFileExclusively0", "opens and closes in one"),
          Map.entry("java/lang/ProcessImpl.openForAtomicAppend", "closed when the child has it"),
          Map.entry(
              "java/util/prefs/WindowsPreferences.WindowsRegCloseKey", "within each operation"),
          Map.entry(
              "java/util/prefs/WindowsPreferences.WindowsRegCreateKeyEx", "within each operation"),
          Map.entry(
              "java/util/prefs/WindowsPreferences.WindowsRegOpenKey", "within each operation"),
          Map.entry("sun/net/sdp/SdpSupport.create0", "has no native half on Windows"),
          Map.entry("sun/nio/ch/FileDispatcherImpl.close0", "called by none of the JDK"),
          Map.entry("sun/nio/ch/IOUtil.makePipe", "for Unix, called by none on Windows"),
          Map.entry(
              "sun/nio/ch/WindowsAsynchronousServerSocketChannelImpl.accept0",
              "into a socket that Net.socket made"),
          Map.entry("sun/nio/fs/WindowsNativeDispatcher.CreateDirectory0", "opens nothing"),
          Map.entry(
              "sun/nio/fs/WindowsNativeDispatcher.CreateEvent",
              "of the request that watches a directory, shown as foreign"),
          Map.entry("sun/nio/fs/WindowsNativeDispatcher.CreateFile0", "called by CreateFile"),
          Map.entry("sun/nio/fs/WindowsNativeDispatcher.CreateHardLink0", "opens nothing"),
          Map.entry("sun/nio/fs/WindowsNativeDispatcher.CreateSymbolicLink0", "opens nothing"),
          Map.entry(
              "sun/nio/fs/WindowsNativeDispatcher.DuplicateTokenEx", "closed in the same call"),
          Map.entry("sun/nio/fs/WindowsNativeDispatcher.FindFirstFile0", "called by FindFirstFile"),
          Map.entry(
              "sun/nio/fs/WindowsNativeDispatcher.FindFirstStream0", "closed in the same call"),
          Map.entry(
              "sun/nio/fs/WindowsNativeDispatcher.OpenProcessToken", "one for the life of the JVM"),
          Map.entry(
              "sun/nio/fs/WindowsNativeDispatcher.OpenThreadToken", "closed in the same call"));

  /** Where native methods with such names have nothing to do with what Java holds. */
  static final List<String> OTHERS =
      List.of(
          "com/sun/",
          "java/awt/",
          "java/lang/Class.",
          "java/lang/Module.",
          "jdk/internal/foreign/",
          "jdk/internal/misc/",
          "jdk/internal/perf/",
          "jdk/internal/vm/",
          "jdk/jfr/",
          "jdk/jpackage/",
          "jdk/vm/ci/",
          "sun/awt/",
          "sun/font/",
          "sun/java2d/",
          "sun/jvm/",
          "sun/print/",
          "sun/security/",
          "sun/tools/attach/");

  /** The old sockets are gone since 18, and the poller of virtual threads came with 21. */
  static final Set<String> ONLY_IN_SOME_RELEASES =
      Set.of(
          "java/net/AbstractPlainDatagramSocketImpl",
          "java/net/AbstractPlainSocketImpl",
          "java/net/PlainSocketImpl",
          "java/net/SocketCleanable",
          "java/net/TwoStacksPlainDatagramSocketImpl",
          "sun/nio/ch/WEPollPoller");

  private WindowsNatives() {}
}
