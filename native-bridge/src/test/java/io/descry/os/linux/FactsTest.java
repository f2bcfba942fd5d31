package io.descry.os.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Answer;
import io.descry.os.Facts;
import io.descry.os.ProcessDescriptors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each fact of a descriptor that has it and of one that nearly has it. */
class FactsTest {
  private static final int O_TMPFILE_RDWR = 020000000 | 0200000 | 2;
  private static final int STREAM = 1;
  private static final int DATAGRAM = 2;
  private static final int SHUT_RD = 0;
  private static final int SHUT_WR = 1;

  private final ProcessDescriptors adapter = ProcessDescriptors.ofThisProcess();
  private final ProcfsReader plain = new ProcfsReader("test");
  private final RawDescriptors raw = new RawDescriptors();

  @AfterEach
  void close() {
    assertThat(adapter.failures()).isEmpty();
    assertThat(plain.failures()).isEmpty();
    raw.close();
    adapter.close();
  }

  @Test
  void closeOnExecIsOfTheNumberNotOfTheFile() {
    int with = raw.eventfd();
    raw.closeOnExec(with);
    int without = raw.eventfd();
    assertThat(facts(with).closeOnExec()).isEqualTo(Answer.YES);
    assertThat(facts(without).closeOnExec()).isEqualTo(Answer.NO);
    assertThat(plain(with).closeOnExec()).isEqualTo(Answer.YES);
    assertThat(plain(without).closeOnExec()).isEqualTo(Answer.NO);
    assertThat(plain(raw.open("/dev/null")).closeOnExec()).isEqualTo(Answer.UNKNOWN);
  }

  @Test
  void aFileWithoutANameIsDeleted(@TempDir Path directory) throws Exception {
    Path path = Files.createFile(directory.resolve("gone"));
    int number = raw.open(path.toString());
    assertThat(facts(number).deleted()).isEqualTo(Answer.NO);
    Files.delete(path);
    int emptied = raw.open(Files.createDirectory(directory.resolve("d")).toString());
    Files.delete(directory.resolve("d"));
    int unnamed = raw.open(directory.toString(), O_TMPFILE_RDWR);
    for (int each : new int[] {number, emptied, unnamed}) {
      assertThat(facts(each).deleted()).isEqualTo(Answer.YES);
      assertThat(plain(each).deleted()).isEqualTo(Answer.YES);
    }
  }

  @Test
  void aNameThatLooksDeletedASecondNameAndMemoryAreNot(@TempDir Path directory) throws Exception {
    Path named = Files.createFile(directory.resolve("file (deleted)"));
    Path first = Files.createFile(directory.resolve("first"));
    Files.createLink(directory.resolve("second"), first);
    int linked = raw.open(first.toString());
    Files.delete(first);
    int[] numbers = {
      raw.open(named.toString()), linked, raw.memfd("m"), raw.eventfd(), raw.socket(1, STREAM, 0)
    };
    for (int each : numbers) {
      assertThat(facts(each).deleted()).isEqualTo(Answer.NO);
      assertThat(plain(each).deleted()).isEqualTo(Answer.NO);
    }
    assertThat(Seen.one(adapter, linked).target()).endsWith("first (deleted)");
  }

  @Test
  void anEventfdSaysItsCount() {
    int counted = raw.eventfd(42);
    int fresh = raw.eventfd();
    assertThat(facts(counted).eventCount()).isEqualTo(42);
    assertThat(facts(counted).eventCount()).as("nothing was taken").isEqualTo(42);
    assertThat(facts(fresh).eventCount()).isZero();
    assertThat(facts(raw.timerfd()).eventCount()).isEqualTo(-1);
    assertThat(plain(counted).eventCount()).isEqualTo(42);
  }

  @Test
  void veryManyEventfdsAreAskedInTurn() {
    Set<Integer> unseen = new HashSet<>();
    for (int i = 0; i < DescriptorInspector.INFOS_AT_ONCE + 100; i++) {
      unseen.add(raw.eventfd());
    }
    for (int scan = 0; scan < 2; scan++) {
      assertThat(unseen).as("before scan %d", scan).isNotEmpty();
      Seen.by(adapter).values().stream()
          .filter(d -> d.facts().eventCount() == 0)
          .forEach(d -> unseen.remove(d.number()));
    }
    assertThat(unseen).isEmpty();
  }

  @Test
  void aTimerIsArmedUntilItHasExpired() throws Exception {
    int never = raw.timerfd();
    int armed = raw.timerfd();
    raw.arm(armed, 1000, 0);
    int expired = raw.timerfd();
    raw.arm(expired, 0, 1);
    raw.read(expired); // waits for it
    assertThat(facts(armed).armed()).isEqualTo(Answer.YES);
    assertThat(facts(never).armed()).isEqualTo(Answer.NO);
    assertThat(facts(expired).armed()).isEqualTo(Answer.NO);
    assertThat(facts(raw.eventfd()).armed()).isEqualTo(Answer.UNKNOWN);
    assertThat(plain(armed).armed()).isEqualTo(Answer.YES);
    raw.arm(armed, 0, 0);
    assertThat(facts(armed).armed()).isEqualTo(Answer.NO);
  }

  @Test
  void aPipeWithoutItsOtherEnd() {
    int[] whole = raw.pipe();
    int[] noWriter = raw.pipe();
    raw.write(noWriter[1]);
    raw.close(noWriter[1]);
    int[] noReader = raw.pipe();
    raw.close(noReader[0]);
    assertThat(facts(whole[0]).peerGone()).isEqualTo(Answer.NO);
    assertThat(facts(whole[1]).peerGone()).isEqualTo(Answer.NO);
    assertThat(facts(noWriter[0]).peerGone()).isEqualTo(Answer.YES);
    assertThat(facts(noReader[1]).peerGone()).isEqualTo(Answer.YES);
    assertThat(raw.read(noWriter[0])).as("nothing was taken").isEqualTo(1);
    assertThat(plain(noReader[1]).peerGone()).isEqualTo(Answer.UNKNOWN);
  }

  @Test
  void aNamedPipeHasNoneBeforeItsFirst(@TempDir Path directory) throws Exception {
    Path fifo = directory.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    int reader = raw.open(fifo.toString(), 04000); // O_NONBLOCK: waits for no writer
    assertThat(facts(reader).peerGone()).isEqualTo(Answer.NO);
    int writer = raw.open(fifo.toString(), 1);
    assertThat(facts(reader).peerGone()).isEqualTo(Answer.NO);
    raw.close(writer);
    assertThat(facts(reader).peerGone()).isEqualTo(Answer.YES);
    assertThat(facts(raw.open(fifo.toString(), 2)).peerGone()).as("both ways").isEqualTo(Answer.NO);
  }

  @Test
  void aUnixSocketWithoutItsPeer() {
    int[] whole = raw.pair(STREAM);
    int[] half = raw.pair(STREAM);
    raw.shutdown(half[1], SHUT_WR);
    int[] closed = raw.pair(STREAM);
    raw.close(closed[1]);
    int[] datagrams = raw.pair(DATAGRAM);
    raw.close(datagrams[1]);
    int alone = raw.socket(1, STREAM, 0);
    assertThat(facts(whole[0]).peerGone()).isEqualTo(Answer.NO);
    assertThat(facts(half[0]).peerGone()).isEqualTo(Answer.YES);
    assertThat(facts(half[1]).peerGone()).isEqualTo(Answer.NO);
    assertThat(facts(closed[0]).peerGone()).isEqualTo(Answer.YES);
    assertThat(facts(datagrams[0]).peerGone()).isEqualTo(Answer.UNKNOWN);
    assertThat(facts(alone).peerGone()).as("never had one").isEqualTo(Answer.NO);
    raw.shutdown(whole[0], SHUT_RD);
    assertThat(facts(whole[0]).peerGone()).as("the kernel does not tell").isEqualTo(Answer.YES);
    assertThat(plain(closed[0]).peerGone()).isEqualTo(Answer.UNKNOWN);
    assertThat(plain(alone).peerGone()).isEqualTo(Answer.NO);
  }

  @Test
  void whatHasNoOtherEnd() {
    assertThat(facts(raw.open("/dev/null")).peerGone()).isEqualTo(Answer.NO);
    assertThat(facts(raw.eventfd()).peerGone()).isEqualTo(Answer.NO);
    assertThat(facts(raw.socket(2, DATAGRAM, 0)).peerGone()).isEqualTo(Answer.UNKNOWN);
    assertThat(facts(raw.socket(16, 3, 0)).peerGone()).as("netlink").isEqualTo(Answer.UNKNOWN);
  }

  private Facts facts(int number) {
    return Seen.one(adapter, number).facts();
  }

  private Facts plain(int number) {
    return Seen.one(plain, number).facts();
  }
}
