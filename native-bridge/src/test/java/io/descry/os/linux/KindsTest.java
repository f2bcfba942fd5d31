package io.descry.os.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Descriptor;
import io.descry.os.Kind;
import io.descry.os.ProcessDescriptors;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KindsTest {
  private final ProcessDescriptors adapter = ProcessDescriptors.ofThisProcess();
  private final RawDescriptors raw = new RawDescriptors();

  @AfterEach
  void close() {
    raw.close();
    adapter.close();
  }

  @Test
  void aFileHasItsPathFlagsPositionAndInode(@TempDir Path directory) throws Exception {
    Path path = directory.toRealPath().resolve("a name with\na line break");
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.write(new byte[100]);
      file.seek(42);
      Descriptor seen = Seen.at(adapter, path);
      assertThat(seen.kind()).isEqualTo(Kind.FILE);
      assertThat(seen.position()).isEqualTo(42);
      assertThat(seen.flags() & 3).as("O_RDWR").isEqualTo(2);
      assertThat(seen.inode()).isEqualTo(Files.getAttribute(path, "unix:ino"));
      assertThat(seen.device()).isEqualTo(Files.getAttribute(path, "unix:dev"));
      assertThat(file.getFilePointer()).isEqualTo(42);
    }
  }

  @Test
  void aDeletedFileKeepsItsIdentity(@TempDir Path directory) throws Exception {
    Path path = Files.createFile(directory.toRealPath().resolve("gone"));
    try (FileChannel channel = FileChannel.open(path)) {
      assertThat(channel.isOpen()).isTrue();
      Descriptor before = Seen.at(adapter, path);
      Files.delete(path);
      Descriptor after = Seen.at(adapter, path + " (deleted)");
      assertThat(after.identity()).isEqualTo(before.identity());
    }
  }

  @Test
  void aDirectory(@TempDir Path directory) throws Exception {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      assertThat(stream).isEmpty();
      Descriptor seen = Seen.at(adapter, directory.toRealPath());
      assertThat(seen.kind()).isEqualTo(Kind.DIRECTORY);
    }
  }

  @Test
  void aPipeIsTwoDescriptorsOfOneIdentity() throws Exception {
    List<Descriptor> before = pipes();
    Pipe pipe = Pipe.open();
    try (var source = pipe.source();
        var sink = pipe.sink()) {
      assertThat(source.isOpen() && sink.isOpen()).isTrue();
      List<Descriptor> opened = pipes();
      opened.removeAll(before);
      assertThat(opened).hasSize(2);
      assertThat(opened.get(0).identity()).isEqualTo(opened.get(1).identity());
      assertThat(opened.get(0).inode()).isPositive();
    }
  }

  private List<Descriptor> pipes() {
    return new ArrayList<>(
        adapter.snapshot().descriptors().stream().filter(d -> d.kind() == Kind.PIPE).toList());
  }

  @Test
  void aNamedPipeIsAPipe(@TempDir Path directory) throws Exception {
    Path fifo = directory.toRealPath().resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    try (RandomAccessFile both = new RandomAccessFile(fifo.toFile(), "rw")) {
      assertThat(both.getFD().valid()).isTrue();
      assertThat(Seen.at(adapter, fifo).kind()).isEqualTo(Kind.PIPE);
    }
  }

  @Test
  void aDevice() {
    assertThat(Seen.one(adapter, raw.open("/dev/null")).kind()).isEqualTo(Kind.DEVICE);
  }

  @Test
  void aFileInSharedMemoryIsNoDevice() throws Exception {
    Path path = Files.createTempFile(Path.of("/dev/shm"), "descry", "test");
    try {
      assertThat(Seen.one(adapter, raw.open(path.toString())).kind()).isEqualTo(Kind.FILE);
    } finally {
      Files.delete(path);
    }
  }

  @Test
  void whatOnlyNativeCodeOpens() {
    assertThat(Seen.one(adapter, raw.timerfd()).kind()).isEqualTo(Kind.TIMERFD);
    assertThat(Seen.one(adapter, raw.signalfd()).kind()).isEqualTo(Kind.SIGNALFD);
    assertThat(Seen.one(adapter, raw.eventfd()).kind()).isEqualTo(Kind.EVENTFD);
    assertThat(Seen.one(adapter, raw.pidfd()).kind()).isEqualTo(Kind.PIDFD);
    Descriptor memory = Seen.one(adapter, raw.memfd("scratch"));
    assertThat(memory.kind()).isEqualTo(Kind.MEMFD);
    assertThat(memory.target()).isEqualTo("/memfd:scratch (deleted)");
  }

  @Test
  void anIoUring() {
    int ring = raw.ioUring();
    Kind kind =
        ring < 0
            ? Links.kind("anon_inode:[io_uring]", 0) // forbidden here: the text at least
            : Seen.one(adapter, ring).kind();
    assertThat(kind).isEqualTo(Kind.IO_URING);
  }

  @Test
  void anEventpollSaysWhatItWatches() {
    int event = raw.eventfd();
    int timer = raw.timerfd();
    Descriptor seen = Seen.one(adapter, raw.epoll(event, timer));
    assertThat(seen.kind()).isEqualTo(Kind.EVENTPOLL);
    assertThat(seen.watched()).containsExactlyInAnyOrder(event, timer);
    assertThat(Seen.one(adapter, raw.epoll()).watched()).isEmpty();
    assertThat(Seen.one(adapter, event).watched()).isNull();
  }

  @Test
  void anEventpollThatWatchesMoreThanOneRead() {
    int[] events = new int[3000];
    for (int i = 0; i < events.length; i++) {
      events[i] = raw.eventfd();
    }
    assertThat(Seen.one(adapter, raw.epoll(events)).watched())
        .containsExactlyInAnyOrderElementsOf(Arrays.stream(events).boxed().toList());
  }

  @Test
  void aSelectorIsAnEventpollWithAnEventfd() throws Exception {
    var before = Seen.by(adapter).keySet();
    try (Selector selector = Selector.open()) {
      assertThat(selector.isOpen()).isTrue();
      var opened = Seen.by(adapter);
      opened.keySet().removeAll(before);
      assertThat(opened.values())
          .extracting(Descriptor::kind)
          .containsExactlyInAnyOrder(Kind.EVENTPOLL, Kind.EVENTFD);
    }
  }

  @Test
  void aWatchServiceIsAnInotify(@TempDir Path directory) throws Exception {
    try (WatchService watch = FileSystems.getDefault().newWatchService()) {
      directory.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      assertThat(adapter.snapshot().descriptors())
          .extracting(Descriptor::kind)
          .contains(Kind.INOTIFY);
    }
  }
}
