package io.descry.os.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Addresses;
import io.descry.os.Answer;
import io.descry.os.Kind;
import io.descry.os.Limits;
import io.descry.os.Socket;
import io.descry.os.Socket.Stage;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcTextsTest {
  @ParameterizedTest
  @CsvSource({
    "anon_inode:inotify, 0, INOTIFY",
    "anon_inode:[inotify], 0, INOTIFY",
    "anon_inode:[eventpoll], 384, EVENTPOLL",
    "anon_inode:[pidfd], 0, PIDFD",
    "pidfd:[12], 0x8000, PIDFD",
    "anon_inode:[perf_event], 0, OTHER",
    "net:[4026531840], 0x8000, OTHER",
    "/dev/shm/x, 0x8000, FILE",
    "/dev/shm/x, -1, FILE",
    "/dev/null, -1, DEVICE",
    "/dev/sda, 0x6000, DEVICE",
    "/memfd:a (deleted), 0x8000, MEMFD",
    "/memfd:a, 0x8000, FILE",
    "(unreachable)/a, 0x4000, DIRECTORY",
    "'', 0x8000, FILE",
    "pipe:[5], -1, PIPE",
  })
  void kindsOfLinks(String target, String mode, Kind kind) {
    assertThat(Links.kind(target, Integer.decode(mode))).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({"socket:[77], 77", "pipe:[5], 5", "anon_inode:[eventfd], 0", "/a:[5], 0", "x, 0"})
  void inodesOfLinks(String target, long inode) {
    assertThat(Links.inode(target)).isEqualTo(inode);
  }

  @ParameterizedTest
  @CsvSource({
    "anon_inode:[eventfd], 0, 9, true",
    "anon_inode:[eventfd], 0x8000, 9, false",
    "anon_inode:[pidfd], 0x8000, 9, true",
    "/a, 0x8000, 9, true",
    "/a, 0, 9, false",
    "socket:[9], 0xc000, 9, true",
    "socket:[8], 0xc000, 9, false",
    "pipe:[8], 0x1000, 9, false",
  })
  void linksThatAgreeWithTheirInode(String target, String mode, long inode, boolean agrees) {
    assertThat(Links.agrees(target, Integer.decode(mode), inode)).isEqualTo(agrees);
  }

  @Test
  void tcpTables() {
    ProcNet net = new ProcNet();
    net.add(
        "tcp",
        """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 0100007F:1F90 0100007F:D431 08 0000000A:0000001F 00:00000000 00000000  1000        0 4711 1 0
           1: 00000000:0016 00000000:0000 0A 00000000:00000003 00:00000000 00000000     0        0 815 1 0
        """);
    assertThat(net.socket(4711))
        .isEqualTo(
            new Socket(
                "tcp",
                "127.0.0.1:8080",
                "127.0.0.1:54321",
                "CLOSE_WAIT",
                31,
                10,
                -1,
                Stage.PEER_FINISHED,
                -1,
                -1,
                Answer.UNKNOWN));
    assertThat(net.socket(815))
        .isEqualTo(
            new Socket(
                "tcp",
                "0.0.0.0:22",
                "",
                "LISTEN",
                -1,
                -1,
                -1,
                Stage.LISTENING,
                -1,
                -1,
                Answer.UNKNOWN));
    assertThat(net.socket(1)).isNull();
  }

  @Test
  void unixTablesWithPathsThatAttack() {
    ProcNet net = new ProcNet();
    net.add(
        "unix",
        """
        Num       RefCount Protocol Flags    Type St Inode Path
        0000000000000000: 00000002 00000000 00010000 0001 01 21 /run/a b
        c: 1 2 3 4 5
        c: 1 2 3 4 5 not-an-inode
        0000000000000000: 00000003 00000000 00000000 0001 03 22
        0000000000000000: 00000002 00000000 00010000 0001 01    23 @abstract
        0000000000000000: 00000002 00000000 00000000 0001 01 24
        0000000000000000: 00000002 00000000 00000000 0002 01 25 /run/log
        """);
    assertThat(net.socket(21).stage()).isEqualTo(Stage.LISTENING);
    assertThat(net.socket(22).stage()).isEqualTo(Stage.UNKNOWN);
    assertThat(net.socket(24).stage()).isEqualTo(Stage.CREATED);
    assertThat(net.socket(25).stage()).isEqualTo(Stage.BOUND);
    assertThat(net.socket(21).local()).isEqualTo("/run/a b");
    assertThat(net.socket(22).local()).isEmpty();
    assertThat(net.socket(23).local()).isEqualTo("@abstract");
  }

  @Test
  void fdinfo() {
    FdInfo event =
        new FdInfo("pos:\t0\nflags:\t02000002\nmnt_id:\t15\neventfd-count:               1f\n");
    assertThat(event.eventCount()).isEqualTo(31);
    assertThat(event.closeOnExec()).isEqualTo(Answer.YES);
    assertThat(event.flags()).isEqualTo(2);
    assertThat(event.armed()).isEqualTo(Answer.UNKNOWN);
    FdInfo full = new FdInfo("flags:\t04002\neventfd-count: fffffffffffffffe\n");
    assertThat(full.eventCount()).isEqualTo(Long.MAX_VALUE);
    assertThat(full.closeOnExec()).isEqualTo(Answer.NO);
    FdInfo timer =
        new FdInfo("clockid: 0\nticks: 0\nit_value: (0, 49406829)\nit_interval: (0, 0)\n");
    assertThat(timer.armed()).isEqualTo(Answer.YES);
    assertThat(timer.eventCount()).isEqualTo(-1);
    assertThat(timer.flags()).isEqualTo(-1);
    assertThat(new FdInfo("it_value: (0, 0)\nit_interval: (1, 0)\n").armed()).isEqualTo(Answer.NO);
  }

  @Test
  void addresses() throws Exception {
    byte[] six = new byte[16];
    assertThat(Addresses.inet(six, 0)).isEmpty();
    assertThat(Addresses.inet(six, 80)).isEqualTo("[::]:80");
    six[15] = 1;
    assertThat(Addresses.inet(six, 80)).isEqualTo("[::1]:80");
    six[0] = (byte) 0xfe;
    six[1] = (byte) 0x80;
    six[9] = 2;
    assertThat(Addresses.inet(six, 1)).isEqualTo("[fe80::2:0:0:1]:1");
    six[15] = 0;
    six[9] = 0;
    assertThat(Addresses.inet(six, 1)).isEqualTo("[fe80::]:1");
    byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1};
    assertThat(Addresses.inet(mapped, 443)).isEqualTo("10.0.0.1:443");
    assertThat(Addresses.unix(new byte[] {0, 'a', 0, 'b'})).isEqualTo("@a@b");
    assertThat(Addresses.unix(new byte[] {'/', 'a', 0, 'x'})).isEqualTo("/a");
    assertThat(Addresses.unix(new byte[0])).isEmpty();
  }

  @Test
  void limits() {
    assertThat(
            EarlyLook.limits(
                "Limit   Soft Limit  Hard Limit Units\n"
                    + "Max open files            1024                 unlimited            files\n"))
        .isEqualTo(new Limits(1024, Long.MAX_VALUE));
    assertThat(EarlyLook.limits("")).isEqualTo(new Limits(-1, -1));
  }

  @Test
  void remoteFileSystems() {
    String mountinfo =
        """
        36 35 8:1 / / rw,noatime master:1 - ext4 /dev/root rw
        40 36 0:52 / /data rw - nfs4 server:/data rw,vers=4.2
        41 36 0:53 / /s3 rw - fuse.s3fs s3fs rw
        42 36 0:54 / /m - tmpfs fuse rw
        """;
    assertThat(RemoteFileSystems.devices(mountinfo)).containsExactlyInAnyOrder(52L, 53L);
  }

  @Test
  void librariesThatMayHaveOpenedSomething() {
    String maps =
        """
        55d0-55d1 r-xp 00000000 08:01 11 /opt/jdk/bin/java
        7f00-7f01 r--p 00000000 08:01 12 /usr/lib/libuv.so.1.0.0
        7f01-7f02 r-xp 00001000 08:01 12 /usr/lib/libuv.so.1.0.0
        7f02-7f03 r-xp 00001000 08:01 13 /opt/jdk/lib/server/libjvm.so
        7f03-7f04 r-xp 00001000 08:01 14 /usr/lib/x86_64-linux-gnu/libc.so.6
        7f04-7f05 r-xp 00001000 08:01 15 /usr/lib/libc-2.17.so
        7f05-7f06 r-xp 00001000 08:01 16 /lib64/ld-linux-x86-64.so.2
        7f06-7f07 r-xp 00001000 08:01 17 /tmp/own/libjnidispatch.so (deleted)
        7f07-7f08 r-xp 00001000 08:01 18 /tmp/jna1.tmp (deleted)
        7f08-7f09 rwxp 00000000 00:00 0
        7f09-7f0a r-xp 00000000 00:00 0 [vdso]
        7f0a-7f0b r-xp 00000000 08:01 19 /tmp/ffiAbC123 (deleted)
        7f0b-7f0c rw-p 00001000 08:01 20 /usr/lib/libdata.so
        7f0c-7f0d r-xp 00001000 08:01 21 /srv/with space/libx.so
        7f0d-7f0e r-xp 00001000 08:01 21 /srv/with space/libx.so
        """;
    assertThat(LoadedLibraries.foreign(maps, Path.of("/opt/jdk"), "/tmp/own/libjnidispatch.so"))
        .containsExactly(
            "/usr/lib/libuv.so.1.0.0", "/tmp/jna1.tmp (deleted)", "/srv/with space/libx.so");
  }
}
