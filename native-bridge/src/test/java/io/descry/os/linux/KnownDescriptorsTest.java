package io.descry.os.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Answer;
import io.descry.os.Descriptor;
import io.descry.os.Failures;
import io.descry.os.Kind;
import io.descry.os.ProcessDescriptors;
import io.descry.os.Socket;
import io.descry.os.tracer.Tracer;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scan says that knows the one before, against one that asks for everything. */
class KnownDescriptorsTest {
  private static final int F_DUPFD = 0;
  private static final int F_SETFL = 4;
  private static final int O_NONBLOCK = 04000;
  private static final int STREAM = 1;

  /** So many that by far not all have their turn to be looked at anew. */
  private static final int MANY = 3 * KnownDescriptors.ANEW;

  private final ProcessDescriptors adapter = ProcessDescriptors.ofThisProcess();
  private final RawDescriptors raw = new RawDescriptors();
  private final long[] uses = new long[100_000];

  /** With the library that asks about many at once. */
  @BeforeAll
  static void loadTheLibrary() {
    assertThat(Tracer.ofThisProcess(Tracer.Stacks.NONE).on()).isTrue();
  }

  @AfterEach
  void close() {
    assertThat(adapter.failures()).isEmpty();
    raw.close();
    adapter.close();
  }

  private Map<Integer, Descriptor> scan() {
    return adapter.snapshot(number -> uses[number]).descriptors().stream()
        .collect(Collectors.toMap(Descriptor::number, Function.identity()));
  }

  /** So that what is opened from now on is in no scan's turn until it wraps around. */
  private void holdMany() {
    for (int i = 0; i < MANY; i++) {
      raw.open("/dev/null");
    }
  }

  @Test
  void allNumbersAreThereWithGapsAndFarOnes() {
    List<Integer> some = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      some.add(raw.open("/dev/null"));
    }
    int far = Libc.fcntl(some.get(0), F_DUPFD, 3000);
    for (int i = 3; i < 33; i++) {
      raw.close(some.get(i));
    }
    try {
      Map<Integer, Descriptor> all =
          adapter.snapshot().descriptors().stream()
              .collect(Collectors.toMap(Descriptor::number, Function.identity()));
      assertThat(scan().keySet()).isEqualTo(all.keySet()).contains(far, some.get(2));
      assertThat(adapter.snapshot(number -> 0).own()).isEqualTo(adapter.snapshot().own());
      assertThat(adapter.snapshot(number -> 0).descriptors())
          .extracting(Descriptor::number)
          .isSorted();
    } finally {
      Libc.close(far);
    }
  }

  @Test
  void bothWaysOfAskingSayTheSame(@TempDir Path directory) throws Exception {
    Path text = Files.writeString(directory.resolve("a"), "abcdefghij");
    int file = raw.open(text.toString());
    assertThat(raw.read(file)).isEqualTo(8);
    int[] pair = raw.pair(STREAM);
    raw.shutdown(pair[1], 1);
    int far = Libc.fcntl(file, F_DUPFD, 3000);
    Failures failures = new Failures();
    FileStatus status = new FileStatus(Architecture.of(System.getProperty("os.arch")));
    HeldDirectory held =
        new HeldDirectory(Architecture.of(System.getProperty("os.arch")), failures);
    DescriptorBatch one = new DescriptorBatch(held, status, failures, () -> false);
    DescriptorBatch many = new DescriptorBatch(held, status, failures, () -> true);
    try {
      int count = many.statuses(0);
      assertThat(one.statuses(0)).isEqualTo(count).isLessThan(DescriptorBatch.SIZE);
      for (int index = 0; index < count; index++) {
        assertThat(one.number(index)).isEqualTo(many.number(index));
        assertThat(one.error(index)).isEqualTo(many.error(index)).isZero();
        assertThat(one.mode(index)).isEqualTo(many.mode(index)).isPositive();
        assertThat(one.links(index)).isEqualTo(many.links(index));
        assertThat(one.device(index)).isEqualTo(many.device(index)).isPositive();
        assertThat(one.inode(index)).isEqualTo(many.inode(index)).isPositive();
      }
      assertThat(many.number(count - 1)).isEqualTo(far);
      for (DescriptorBatch each : List.of(one, many)) {
        each.clear();
        each.add(file, DescriptorBatch.Glance.POSITION);
        each.add(pair[0], DescriptorBatch.Glance.READINESS);
        each.add(raw.epoll(pair[0]), DescriptorBatch.Glance.INTEREST);
        each.glance();
        assertThat(each.position(0)).isEqualTo(8);
        assertThat(each.digest(2)).isNotZero();
      }
      assertThat(one.events(1)).isEqualTo(many.events(1)).isPositive();
      assertThat(failures.list()).isEmpty();
    } finally {
      Libc.close(far);
      one.free();
      many.free();
      held.close();
      status.free();
    }
  }

  @Test
  void whatStaysIsToldAsBeforeAndWhatIsNewOrGoneIsSeen() {
    holdMany();
    int[] pipe = raw.pipe();
    scan();
    Map<Integer, Descriptor> before = scan();
    int fresh = raw.eventfd();
    Map<Integer, Descriptor> now = scan();
    assertThat(now).containsKey(fresh);
    assertThat(now.get(pipe[0])).isSameAs(before.get(pipe[0]));
    assertThat(now.keySet()).containsAll(before.keySet());
  }

  @Test
  void anotherInodeUnderANumberIsSeenAtOnce(@TempDir Path directory) throws Exception {
    holdMany();
    int number = raw.open(Files.createFile(directory.resolve("a")).toString());
    int other = raw.open(Files.createFile(directory.resolve("b")).toString());
    scan();
    scan();
    raw.onto(other, number);
    assertThat(scan().get(number).target()).endsWith("/b");
  }

  @Test
  void aDeletedFileIsSeenAtOnce(@TempDir Path directory) throws Exception {
    holdMany();
    Path file = Files.createFile(directory.resolve("a"));
    int number = raw.open(file.toString());
    scan();
    Files.delete(file);
    assertThat(scan().get(number).facts().deleted()).isEqualTo(Answer.YES);
  }

  @Test
  void anonymousInodesAreToldApartByWhatTheBooksSay() {
    holdMany();
    int number = raw.eventfd();
    int timer = raw.timerfd();
    scan();
    assertThat(scan().get(number).kind()).isEqualTo(Kind.EVENTFD);
    raw.onto(timer, number);
    uses[number]++;
    assertThat(scan().get(number).kind()).isEqualTo(Kind.TIMERFD);
  }

  @Test
  void evenWhereNoBookKnowsItIsSeenWhenItHasItsTurn() {
    holdMany();
    int number = raw.open("/dev/null");
    scan();
    assertThat(Libc.fcntl(number, F_SETFL, O_NONBLOCK)).isZero();
    int scans = 0;
    while ((scan().get(number).flags() & O_NONBLOCK) == 0) {
      assertThat(++scans).isLessThanOrEqualTo(MANY / KnownDescriptors.ANEW + 2);
    }
  }

  @Test
  void whatRulesLookAtIsAskedInEveryScan(@TempDir Path directory) throws Exception {
    holdMany();
    int file = raw.open(Files.writeString(directory.resolve("a"), "abcdefghij").toString());
    int[] pipe = raw.pipe();
    int[] pair = raw.pair(STREAM);
    int counter = raw.eventfd();
    scan();
    scan();
    assertThat(raw.read(file)).isEqualTo(8);
    raw.write(pipe[1]);
    raw.shutdown(pair[1], 1);
    assertThat(Libc.lseek(file, 0, Libc.SEEK_CUR)).isEqualTo(8);
    Map<Integer, Descriptor> now = scan();
    assertThat(now.get(file).position()).isEqualTo(8);
    assertThat(now.get(pair[0]).socket().stage()).isEqualTo(Socket.Stage.PEER_FINISHED);
    raw.count(counter, 5);
    assertThat(scan().get(counter).facts().eventCount()).isEqualTo(5);
  }

  /** What is closed between its status and its description must not stop the scan. */
  @Test
  void numbersThatComeAndGoMeanwhileDoNoHarm() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    int stays = raw.open("/dev/null");
    Thread busy =
        new Thread(
            () -> {
              while (!over.get()) {
                try (FileInputStream one = new FileInputStream("/dev/null");
                    FileInputStream two = new FileInputStream("/dev/null")) {
                  assertThat(one.getFD()).isNotSameAs(two.getFD());
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }
            });
    busy.start();
    try {
      for (int i = 0; i < 2000; i++) {
        // Each number's use is another in each scan, so that all are described.
        long use = i;
        assertThat(adapter.snapshot(number -> use).descriptors())
            .extracting(Descriptor::number)
            .contains(stays);
      }
    } finally {
      over.set(true);
      busy.join();
    }
  }

  @Test
  void connectionsAreFollowed() throws Exception {
    holdMany();
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        java.net.Socket client =
            new java.net.Socket(server.getInetAddress(), server.getLocalPort());
        java.net.Socket accepted = server.accept()) {
      int number = of(scan(), client.getLocalPort(), server.getLocalPort());
      scan();
      client.getOutputStream().write(new byte[7]);
      accepted.getOutputStream().write(new byte[3]);
      assertThat(client.getInputStream().readNBytes(3)).hasSize(3);
      Socket now = scan().get(number).socket();
      assertThat(now.bytesSent()).isEqualTo(7);
      assertThat(now.bytesReceived()).isEqualTo(3);
      Thread.sleep(60);
      assertThat(scan().get(number).socket().idleMillis()).isGreaterThanOrEqualTo(50);
      accepted.shutdownOutput();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      Socket after = scan().get(number).socket();
      assertThat(after.stage()).isEqualTo(Socket.Stage.PEER_FINISHED);
    }
  }

  private static int of(Map<Integer, Descriptor> all, int local, int remote) {
    return all.values().stream()
        .filter(one -> one.socket() != null)
        .filter(one -> one.socket().local().endsWith(":" + local))
        .filter(one -> one.socket().remote().endsWith(":" + remote))
        .findFirst()
        .orElseThrow()
        .number();
  }
}
