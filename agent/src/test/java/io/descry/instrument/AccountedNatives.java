package io.descry.instrument;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every native method of JDK 17 to 25 that opens or closes a descriptor, or whose name sounds like
 * it, and what Descry does about it.
 */
final class AccountedNatives {
  private AccountedNatives() {}

  /** Native methods that open, close or replace a descriptor which outlives the call. */
  static final Set<String> ADVISED =
      Set.of(
          "java/io/FileCleanable.cleanupClose0",
          "java/io/FileDescriptor.close0",
          "java/io/FileInputStream.open0",
          "java/io/FileOutputStream.open0",
          "java/io/RandomAccessFile.open0",
          "java/lang/ProcessImpl.forkAndExec",
          "java/net/PlainDatagramSocketImpl.datagramSocketClose",
          "java/net/PlainDatagramSocketImpl.datagramSocketCreate",
          "java/net/PlainSocketImpl.socketAccept",
          "java/net/PlainSocketImpl.socketClose0",
          "java/net/PlainSocketImpl.socketCreate",
          "java/net/SocketCleanable.cleanupClose0",
          "sun/net/sdp/SdpSupport.create0",
          "sun/nio/ch/DatagramDispatcher.dup0",
          "sun/nio/ch/EPoll.create",
          "sun/nio/ch/EventFD.eventfd0",
          "sun/nio/ch/FileDispatcherImpl.close0",
          "sun/nio/ch/FileDispatcherImpl.closeIntFD",
          "sun/nio/ch/FileDispatcherImpl.dup0",
          "sun/nio/ch/FileDispatcherImpl.preClose0",
          "sun/nio/ch/IOUtil.makePipe",
          "sun/nio/ch/InheritedChannel.dup",
          "sun/nio/ch/Net.accept",
          "sun/nio/ch/Net.socket0",
          "sun/nio/ch/UnixDispatcher.close0",
          "sun/nio/ch/UnixDispatcher.preClose0",
          "sun/nio/ch/UnixDomainSockets.accept0",
          "sun/nio/ch/UnixDomainSockets.socket0",
          "sun/nio/ch/UnixFileDispatcherImpl.closeIntFD",
          "sun/nio/ch/sctp/SctpNet.branch0",
          "sun/nio/ch/sctp/SctpNet.close0",
          "sun/nio/ch/sctp/SctpNet.preClose0",
          "sun/nio/ch/sctp/SctpNet.socket0",
          "sun/nio/fs/LinuxWatchService.inotifyInit",
          "sun/nio/fs/LinuxWatchService.socketpair",
          "sun/nio/fs/UnixNativeDispatcher.close0",
          "sun/nio/fs/UnixNativeDispatcher.closedir",
          "sun/nio/fs/UnixNativeDispatcher.dup",
          "sun/nio/fs/UnixNativeDispatcher.fdopendir",
          "sun/nio/fs/UnixNativeDispatcher.open0",
          "sun/nio/fs/UnixNativeDispatcher.openat0");

  /** Callers of those that are not advised themselves, and the door through which it comes out. */
  static final Map<String, String> ADVISED_ELSEWHERE =
      Map.ofEntries(
          // The constructor hands the pipes to newFileDescriptor, one by one.
          Map.entry("java/lang/ProcessImpl.<init>", "java/lang/ProcessImpl.newFileDescriptor"),
          Map.entry(
              "java/net/PlainSocketImpl.socketClose0",
              "java/net/AbstractPlainSocketImpl.socketClose"),
          Map.entry(
              "java/net/AbstractPlainDatagramSocketImpl.datagramSocketClose",
              "java/net/AbstractPlainDatagramSocketImpl.close"),
          Map.entry(
              "java/net/PlainSocketImpl.socketCreate", "java/net/AbstractPlainSocketImpl.create"),
          Map.entry("sun/nio/ch/NioSocketImpl.timedAccept", "sun/nio/ch/NioSocketImpl.accept"),
          Map.entry(
              "sun/nio/ch/UnixAsynchronousServerSocketChannelImpl.implAccept",
              "sun/nio/ch/UnixAsynchronousServerSocketChannelImpl.finishAccept"),
          Map.entry(
              "sun/nio/ch/UnixAsynchronousServerSocketChannelImpl.onEvent",
              "sun/nio/ch/UnixAsynchronousServerSocketChannelImpl.finishAccept"),
          Map.entry(
              "sun/nio/ch/sctp/SctpServerChannelImpl.accept",
              "sun/nio/ch/sctp/SctpChannelImpl.<init>"),
          Map.entry("sun/nio/ch/PipeImpl.<init>", "sun/nio/ch/SourceChannelImpl.<init>"),
          Map.entry("sun/nio/ch/PipeImpl$Initializer.run", "sun/nio/ch/SourceChannelImpl.<init>"),
          Map.entry(
              "sun/nio/ch/InheritedChannel.createChannel",
              "sun/nio/ch/InheritedChannel$InheritedSocketChannelImpl.<init>"),
          Map.entry(
              "sun/nio/fs/LinuxWatchService.<init>", "sun/nio/fs/LinuxWatchService$Poller.<init>"),
          Map.entry(
              "sun/nio/fs/UnixFileSystemProvider.newDirectoryStream",
              "sun/nio/fs/UnixSecureDirectoryStream.<init>"),
          Map.entry(
              "sun/nio/fs/UnixSecureDirectoryStream.newDirectoryStream",
              "sun/nio/fs/UnixSecureDirectoryStream.<init>"),
          Map.entry(
              "java/net/AbstractPlainSocketImpl.socketClose0",
              "java/net/AbstractPlainSocketImpl.socketClose"));

  /** Native methods that sound alike and leave nothing behind, or nothing of Java's. */
  static final Map<String, String> LEFT_ALONE =
      Map.ofEntries(
          Map.entry("java/io/UnixFileSystem.createFileExclusively", "opens and closes in one call"),
          Map.entry(
              "java/io/UnixFileSystem.createFileExclusively0", "opens and closes in one call"),
          Map.entry(
              "java/util/prefs/FileSystemPreferences.lockFile0",
              "a lock file held while preferences are synchronised; shown as foreign meanwhile"),
          Map.entry(
              "java/util/prefs/FileSystemPreferences.unlockFile0", "closes what lockFile0 opened"),
          Map.entry("sun/nio/ch/InheritedChannel.open0", "/dev/null for the numbers 0 to 2"),
          Map.entry("sun/nio/ch/InheritedChannel.dup2", "onto the numbers 0 to 2"),
          Map.entry("sun/nio/ch/InheritedChannel.close0", "closes a dup that became no channel"),
          Map.entry(
              "sun/nio/fs/UnixNativeDispatcher.opendir0",
              "on Linux only for streams that one call opens and closes: openat is always there"),
          Map.entry("jdk/internal/perf/Perf.attach", "maps a file and closes it"),
          Map.entry("jdk/internal/perf/Perf.attach0", "maps a file and closes it"),
          Map.entry(
              "sun/tools/attach/VirtualMachineImpl.socket",
              "a client of the attach API in this JVM; shown as foreign while it talks"),
          Map.entry("sun/tools/attach/VirtualMachineImpl.close", "closes that socket"));

  /** Where native methods with such names have nothing to do with descriptors. */
  static final List<String> OTHER_PACKAGES =
      List.of(
          "com/sun/imageio/",
          "com/sun/java/accessibility/",
          "com/sun/java/swing/",
          "com/sun/management/",
          "com/sun/media/sound/",
          "java/awt/",
          "java/lang/Class.",
          "java/lang/Module.",
          "java/lang/ref/",
          "java/lang/Shutdown.",
          "java/lang/invoke/",
          "jdk/internal/foreign/",
          "jdk/internal/misc/CDS.",
          "jdk/internal/misc/ScopedMemoryAccess.",
          "jdk/internal/misc/Unsafe.",
          "jdk/internal/reflect/",
          "jdk/internal/vm/",
          "jdk/internal/jimage/",
          "jdk/vm/ci/",
          "sun/awt/",
          "sun/font/",
          "sun/java2d/",
          "sun/jvm/",
          "sun/print/",
          "sun/security/jgss/",
          "sun/security/krb5/",
          "sun/security/pkcs11/",
          "sun/security/smartcardio/");
}
