package io.descry.lab.corpus;

import java.util.List;
import java.util.function.Supplier;

/** All programs of the corpus, those that leak first. */
final class Catalog {
  /**
   * One program.
   *
   * @param about what it does, in a line
   */
  record Entry(String name, String about, Supplier<Program> maker) {
    /** A new one. */
    Program program() {
      return maker.get();
    }
  }

  static final List<Entry> ALL =
      List.of(
          new Entry("kept-streams", "file streams in a list", FileLeaks.KeptStreams::new),
          new Entry(
              "dropped-streams", "streams left to the collector", FileLeaks.DroppedStreams::new),
          new Entry("kept-channels", "file channels in a list", FileLeaks.KeptChannels::new),
          new Entry("directory-streams", "Files.list, not closed", FileLeaks.DirectoryStreams::new),
          new Entry("zip-files", "archives in a list", FileLeaks.ZipFiles::new),
          new Entry(
              "error-path", "one forgotten close in a hundred good", FileLeaks.ErrorPath::new),
          new Entry("slow", "one in a thousand requests", FileLeaks.Slow::new),
          new Entry("in-bursts", "forty at once, then quiet", FileLeaks.InBursts::new),
          new Entry("deleted-logs", "rotated away and not closed", FileLeaks.DeletedLogs::new),
          new Entry(
              "dropped-channels", "sockets made and dropped", SocketLeaks.DroppedChannels::new),
          new Entry(
              "dropped-selectors", "selectors made and dropped", SocketLeaks.DroppedSelectors::new),
          new Entry("dropped-pipes", "pipes made and dropped", SocketLeaks.DroppedPipes::new),
          new Entry(
              "kept-connections", "sockets that stay when done", SocketLeaks.KeptConnections::new),
          new Entry("peer-closes", "CLOSE_WAIT", SocketLeaks.PeerCloses::new),
          new Entry("refused", "only where a connection is refused", SocketLeaks.Refused::new),
          new Entry("reset", "only reset connections leak", SocketLeaks.Reset::new),
          new Entry(
              "listeners", "a listening socket for each transfer", SocketLeaks.Listeners::new),
          new Entry("datagrams", "a UDP socket for each query", SocketLeaks.Datagrams::new),
          new Entry("unix-sockets", "connections over a Unix socket", SocketLeaks.UnixSockets::new),
          new Entry(
              "http-clients", "a JDK HttpClient for each request", ServiceLeaks.HttpClients::new),
          new Entry("watch-services", "watch services not closed", ServiceLeaks.Watches::new),
          new Entry("class-loaders", "URLClassLoaders not closed", ServiceLeaks.ClassLoaders::new),
          new Entry("subprocesses", "children that wait for ever", ServiceLeaks.Subprocesses::new),
          new Entry("full-disk", "no close where a write fails", FaultLeaks.FullDisk::leaks),
          new Entry(
              "no-number-to-open",
              "EMFILE in the midst of a copy",
              FaultLeaks.NoNumberToOpen::leaks),
          new Entry(
              "no-number-to-accept",
              "EMFILE, and a proxy forgets",
              FaultLeaks.NoNumberToAccept::leaks),
          new Entry("other-agent", "another agent's log", () -> new OtherAgent.Works(true)),
          new Entry("closed-behind", "hazard: native code closes", ServiceLeaks.ClosedBehind::new),
          new Entry("double-close", "hazard: closed twice", Hazards.DoubleCloses::new),
          new Entry("close-under-use", "hazard: a reader waits", Hazards.ClosesUnderUse::new),
          new Entry("inherited", "hazard: children hold it too", Hazards.Inherited::new),
          new Entry("netty-epoll-groups", "groups never shut down", LibraryLeaks::epollGroups),
          new Entry("netty-uring-groups", "groups never shut down", LibraryLeaks::uringGroups),
          new Entry("netty-fin-ignored", "half-closed and forgotten", LoopLeaks.FinIgnored::epoll),
          new Entry(
              "netty-received", "received descriptors dropped", LoopLeaks.ReceivedDropped::epoll),
          new Entry("netty-uring-fin", "half-closed and forgotten", LoopLeaks.FinIgnored::uring),
          new Entry(
              "netty-uring-received",
              "received descriptors dropped",
              LoopLeaks.ReceivedDropped::uring),
          new Entry(
              "netty-deregistered",
              "taken from a loop for good",
              NettyConnections.Deregistered::new),
          new Entry("netty-unused", "connections that carry nothing", NettyConnections.Unused::new),
          new Entry("vertx-instances", "instances never closed", LibraryLeaks::vertx),
          new Entry("vertx-clients", "clients never closed", LoopLeaks.VertxClients::new),
          new Entry("vertx-servers", "servers never closed", LoopLeaks.VertxServers::new),
          new Entry("libuv-everything", "a loop and all its handles", LibraryLeaks::libuv),
          new Entry("libuv-loop", "no uv_loop_close", () -> LibuvMisuse.LOOP_NOT_CLOSED),
          new Entry("libuv-loop-busy", "UV_EBUSY ignored", () -> LibuvMisuse.LOOP_CLOSE_REFUSED),
          new Entry("libuv-handle", "no uv_close", () -> LibuvMisuse.HANDLE_NOT_CLOSED),
          new Entry("libuv-file", "no uv_fs_close", () -> LibuvMisuse.FILE_NOT_CLOSED),
          new Entry("libuv-pipe", "uv_pipe's ends not closed", () -> LibuvMisuse.PIPE_NOT_CLOSED),
          new Entry("libuv-refused", "refused, no uv_close", () -> LibuvMisuse.REFUSED_NOT_CLOSED),
          new Entry("libuv-socketpair", "both ends kept", () -> LibuvMisuse.SOCKETPAIR_NOT_CLOSED),
          new Entry(
              "libuv-temporary", "uv_fs_mkstemp's file", () -> LibuvMisuse.TEMPORARY_NOT_CLOSED),
          new Entry("libuv-directory", "no uv_fs_closedir", () -> LibuvMisuse.DIRECTORY_NOT_CLOSED),
          new Entry("libuv-reset", "reset, no uv_close", () -> new LibuvFaults.Reset(true)),
          new Entry(
              "libuv-full-disk", "ENOSPC, no uv_fs_close", () -> new LibuvFaults.FullDisk(true)),
          new Entry(
              "libuv-no-number", "EMFILE, no uv_fs_close", () -> new LibuvFaults.NoNumber(true)),
          new Entry(
              "libuv-no-memory-to-write",
              "UV_ENOMEM, no uv_fs_close",
              () -> new LibuvFaults.NoMemoryToWrite(true)),
          new Entry(
              "libuv-no-memory-to-send",
              "UV_ENOMEM, no uv_close",
              () -> new LibuvFaults.NoMemoryToSend(true)),
          new Entry("libuv-unread", "no uv_read_start, no uv_close", LibuvConnections.Unread::new),
          new Entry("libuv-paused", "uv_read_stop, and no more", LibuvConnections.Paused::new),
          new Entry("libuv-unused", "connections that carry nothing", LibuvConnections.Unused::new),
          new Entry("libuv-threads", "loops of threads that end", LibuvThreads.Ended::new),
          new Entry("node", "Javet's Node runtimes not closed", LibraryLeaks::node),
          new Entry("sqlite", "connections not closed", LibraryLeaks::sqlite),
          new Entry("sqlite-full", "no close when it is full", FaultLeaks.FullDatabase::leaks),
          new Entry("rocksdb", "stores not closed", LibraryLeaks::rocksDb),
          new Entry("jna", "open(2) by JNA", LibraryLeaks::jna),
          clean("netty", "clean: event loops rolled gracefully"),
          clean("vertx", "clean: a pool that grows with the load"),
          clean("libuv", "clean: loops closed as libuv wants it"),
          clean("sqlite", "clean: connections made and closed"),
          clean("hikari", "clean: a pool that fills"),
          clean("rocksdb", "clean: a store opened and closed"),
          clean("http", "clean: the JDK's server and client"),
          clean("filling", "clean: pools that fill evenly"),
          clean("bursts", "clean: two thousand at once"),
          clean("walks", "clean: a tree walked all the time"),
          clean("processes", "clean: children spawned and reaped"),
          clean("loaders", "clean: plugins and passing loaders"),
          clean("watches", "clean: watches that come and go"),
          clean("idle", "clean: keep-alive connections, idle"),
          new Entry(
              "clean-cache", "clean: grows ever slower, and stays", CleanFiles.GrowingCache::new),
          new Entry("clean-rotation", "clean: log rotation", CleanFiles.LogRotation::new),
          new Entry("clean-jars", "clean: two hundred archives", CleanFiles.ManyJars::new),
          new Entry("clean-redeploy", "clean: redeployed in a loader", CleanFiles.Redeploy::new),
          new Entry("clean-compaction", "clean: RocksDB compacts", CleanFiles.Compaction::new),
          new Entry(
              "clean-doubles", "clean: load doubles and halves", CleanLoads.DoublesAndHalves::new),
          new Entry("clean-churn", "clean: connections come and go", CleanLoads.Churn::new),
          new Entry("clean-pauses", "clean: long collections", CleanLoads.LongPauses::new),
          new Entry(
              "clean-idle-loops", "clean: loops with nothing to do", CleanLoads.IdleLoops::new),
          new Entry("clean-rings", "clean: io_uring loops rolled", CleanLoads.RollingRings::new),
          new Entry(
              "clean-libuv-paused", "clean: backpressure", LibuvConnections.Backpressure::new),
          new Entry(
              "clean-libuv-pool",
              "clean: filled ahead, used late",
              LibuvConnections.FilledAhead::new),
          new Entry(
              "clean-libuv-ticks", "clean: loops run now and then", LibuvThreads.NowAndThen::new),
          new Entry("clean-netty-paused", "clean: paused, and moved", NettyConnections.Moved::new),
          new Entry("clean-deep-walk", "clean: a deep tree, slowly", CleanTrees.DeepWalk::new),
          new Entry("clean-class-path", "clean: classes of 300 jars", CleanTrees.ClassPath::new),
          new Entry("clean-agent", "clean: another agent", () -> new OtherAgent.Works(false)),
          new Entry(
              "clean-full-disks",
              "clean: full disks, well handled",
              () ->
                  new Faulty.Handled(
                      FaultLeaks.FullDisk.handled(),
                      FaultLeaks.FullDatabase.handled(),
                      new LibuvFaults.FullDisk(false))),
          new Entry(
              "clean-no-numbers",
              "clean: EMFILE, well handled",
              () ->
                  new Faulty.Handled(
                      FaultLeaks.NoNumberToOpen.handled(),
                      FaultLeaks.NoNumberToAccept.handled(),
                      new LibuvFaults.NoNumber(false))),
          new Entry(
              "clean-no-memory",
              "clean: UV_ENOMEM, well handled",
              () ->
                  new Faulty.Handled(
                      new LibuvFaults.NoMemoryToWrite(false),
                      new LibuvFaults.NoMemoryToSend(false))),
          new Entry(
              "clean-unwelcome",
              "clean: refused and reset, well handled",
              () -> new Faulty.Handled(new FaultLeaks.Unwelcome(), new LibuvFaults.Reset(false))),
          new Entry("clean-node", "clean: Node runtimes closed", CleanLoads.NodeCycles::new),
          new Entry("clean-native", "clean: closes once, and -1", Hazards.Clean::new),
          new Entry("clean-profiled", "clean: async-profiler at work", CleanLoads.Profiled::new));

  private Catalog() {}

  private static Entry clean(String habit, String about) {
    return new Entry("clean-" + habit, about, () -> new CleanHabit(habit));
  }

  /**
   * The program of this name.
   *
   * @throws IllegalArgumentException when there is none
   */
  static Entry of(String name) {
    return ALL.stream()
        .filter(entry -> entry.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no program " + name));
  }
}
