package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * This machine with systemd as its first process: an overlay of its file system, of which nothing
 * stays, in namespaces and a control group of its own, where the manager knows the units that are
 * put in and no others. Only root can make one.
 */
final class SystemdBox implements AutoCloseable {
  private static final List<String> TARGETS =
      List.of(
          "basic",
          "final",
          "local-fs",
          "multi-user",
          "network-online",
          "paths",
          "shutdown",
          "slices",
          "sockets",
          "sysinit",
          "timers",
          "umount");

  private static final List<String> JOURNAL =
      List.of(
          "systemd-journald.service", "systemd-journald.socket", "systemd-journald-dev-log.socket");

  private static final String BOOT =
      """
      set -eu
      box=$1
      for tree in systemd unified .; do
        if [ -e /sys/fs/cgroup/$tree/cgroup.procs ]; then
          mkdir -p "/sys/fs/cgroup/$tree/descry-box-$$"
          echo $$ > "/sys/fs/cgroup/$tree/descry-box-$$/cgroup.procs"
        fi
      done
      exec unshare --mount --pid --cgroup --uts --ipc --fork --kill-child sh -euc '
        box=$1
        mount -t tmpfs tmpfs "$box/over"
        mkdir "$box/over/upper" "$box/over/work" "$box/over/root"
        cp -a "$box/files/." "$box/over/upper"
        cd "$box/over/root"
        mount -t overlay \
          -o "lowerdir=/,upperdir=$box/over/upper,workdir=$box/over/work" overlay .
        cd "$box/over/root"
        mount -t proc proc proc
        mount --bind proc/sys proc/sys
        mount -o remount,bind,ro proc/sys
        mount --rbind /dev dev
        mount -t sysfs -o ro sysfs sys
        if [ -d /sys/fs/cgroup/systemd ]; then
          mount -t tmpfs tmpfs sys/fs/cgroup
          mkdir sys/fs/cgroup/systemd sys/fs/cgroup/unified
          mount -t cgroup -o none,name=systemd cgroup sys/fs/cgroup/systemd
          mount -t cgroup2 cgroup2 sys/fs/cgroup/unified
        else
          mount -t cgroup2 cgroup2 sys/fs/cgroup
        fi
        mount -t tmpfs -o mode=755 tmpfs run
        mount -t tmpfs -o mode=1777 tmpfs tmp
        pivot_root . .
        umount -l .
        exec env -i container=descry-box PATH=/usr/sbin:/usr/bin:/sbin:/bin \
          SYSTEMD_UNIT_PATH=/etc/systemd/system:/box \
          /lib/systemd/systemd --system --unit=box.target --log-target=console --show-status=no
      ' sh "$box"
      """;

  private final Desk desk;
  private final Path directory;
  private RunningJvm first;

  /** One that is not started yet. */
  SystemdBox(Desk desk) throws IOException {
    this.desk = desk;
    directory = Files.createDirectories(desk.directory().resolve("box"));
    Files.createDirectory(directory.resolve("over"));
    Path units = directory("/box");
    for (String name : JOURNAL) {
      Files.copy(Path.of("/lib/systemd/system", name), units.resolve(name));
    }
    for (String name : TARGETS) {
      Files.writeString(units.resolve(name + ".target"), "[Unit]\nDefaultDependencies=no\n");
    }
    Files.writeString(
        units.resolve("box.target"),
        "[Unit]\nDefaultDependencies=no\nRequires=systemd-journald.service\n");
  }

  /** A directory of the box, to be filled before it starts. */
  Path directory(String path) throws IOException {
    return Files.createDirectories(directory.resolve("files" + path));
  }

  /** Boots it. */
  SystemdBox start() {
    first =
        new RunningJvm(new ProcessBuilder("sh", "-c", BOOT, "sh", directory.toString()), directory);
    await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(run("systemctl list-units --no-legend --state=active box.target"))
                    .contains("box.target"));
    return this;
  }

  /** Types commands as its root, which must succeed; what they print. */
  String run(String commands) throws IOException, InterruptedException {
    long pid =
        ProcessHandle.of(first.pid())
            .flatMap(one -> one.children().findFirst())
            .orElseThrow(() -> new IllegalStateException(String.join("\n", first.err())))
            .pid();
    Path script = Files.createTempFile(desk.directory(), "box", ".sh");
    Files.writeString(script, commands);
    return desk.run(
        "nsenter --target %d --mount --pid --uts --ipc --cgroup --root --wd sh -eu < '%s'"
            .formatted(pid, script));
  }

  /** Puts a file into the box that runs. */
  void write(String path, String text) throws IOException, InterruptedException {
    run("cat > '" + path + "' <<'END'\n" + text + "END\n");
  }

  /** Ends all that runs in it, and removes its control groups, which the kernel keeps else. */
  @Override
  public void close() throws IOException {
    if (first == null) {
      return;
    }
    first.close();
    first.await();
    try {
      desk.run(
          """
          for group in $(find /sys/fs/cgroup -name descry-box-%d -type d); do
            while ! find $group -depth -type d -exec rmdir {} + 2> left; do
              grep -q busy left
              sleep 0.1
            done
          done
          """
              .formatted(first.pid()));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
