package io.descry.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A container engine for what a page has its reader type: Podman, which takes Docker's commands,
 * under the name {@code docker}, with settings and a store of its own, so that no other container
 * of the machine is touched. Containers have Docker's list of system calls, and no network but a
 * loopback of their own. As there is no registry, the images that pages build upon are made here,
 * of busybox and the C library; the JDK is mounted where Temurin's images have it.
 */
final class Engine implements AutoCloseable {
  private static final String JAVA_HOME = "/opt/java/openjdk";

  /** What a JDK needs of a system, with busybox. */
  private static final String BASE =
      """
      set -eu
      home=$1 stage=$2 tar=$3
      mkdir -p "$stage/bin" "$stage/usr" "$stage/etc" "$stage/root" "$stage/run" "$stage/tmp" \
        "$stage/var/tmp"
      chmod 1777 "$stage/tmp" "$stage/var/tmp"
      ln -s /bin "$stage/usr/bin"
      busybox --install -s "$stage/bin"
      rm -f "$stage/bin/busybox"
      cp "$(command -v busybox)" "$stage/bin/busybox"
      echo 'root:x:0:0:root:/root:/bin/sh' > "$stage/etc/passwd"
      libraries=$(ldd "$home/lib/server/libjvm.so" "$home/lib/libzip.so" \
        | awk '/=> \\// {print $3} /^\\t\\// {print $1}' | sort -u)
      c=$(dirname "$(echo "$libraries" | grep '/libc\\.so\\.6$')")
      for name in libdl.so.2 libpthread.so.0 librt.so.1 libgcc_s.so.1; do
        libraries="$libraries $c/$name"
      done
      for library in $libraries; do
        mkdir -p "$stage/$(dirname "$library")"
        cp -L "$library" "$stage/$library"
      done
      tar -cf "$tar" -C "$stage" .
      """;

  /** Where Podman's defaults are not Docker's. */
  private static final String AS_DOCKER_DOES =
      """
      #!/bin/sh
      command=$1
      shift
      if [ "$command" = run ]; then
        for word; do
          shift
          case $word in
            /tmp) word=/tmp:rw,noexec,nosuid,nodev ;;
          esac
          set -- "$@" "$word"
        done
        set -- --read-only-tmpfs=false --passwd=false --ulimit nofile=1024:8192 \\
          --ulimit nproc=8192:8192 "$@"
      fi
      [ "$command" != build ] || set -- --layers=false "$@"
      exec podman "$command" "$@"
      """;

  private final Path directory;
  private final Desk desk;
  private final Map<String, String> environment = new TreeMap<>();

  /**
   * Makes one.
   *
   * @param desk where it is used
   * @param variables that every container gets besides what it is given
   */
  Engine(Desk desk, Map<String, String> variables) throws IOException {
    directory = Files.createTempDirectory("descry-engine");
    List<String> more = new ArrayList<>();
    variables.forEach((name, value) -> more.add("\"" + name + "=" + value + "\""));
    environment.put(
        "CONTAINERS_CONF",
        write(
            "containers.conf",
            """
            [containers]
            netns = "none"
            log_driver = "k8s-file"
            env = [%s]
            volumes = [%s]
            [engine]
            tmp_dir = "%s/state"
            lock_type = "file"
            events_logger = "file"
            cgroup_manager = "cgroupfs"
            runtime = "runc"
            """
                .formatted(
                    String.join(", ", more), String.join(", ", mounts(desk.jdk())), directory)));
    environment.put(
        "CONTAINERS_STORAGE_CONF",
        write(
            "storage.conf",
            """
            [storage]
            driver = "%2$s"
            graphroot = "%1$s/store"
            runroot = "%1$s/run"
            [storage.options.overlay]
            skip_mount_home = "true"
            """
                .formatted(directory, driver(directory))));
    environment.put(
        "CONTAINERS_REGISTRIES_CONF",
        write("registries.conf", "unqualified-search-registries = [\"docker.io\"]\n"));
    Path docker = Files.createDirectory(directory.resolve("bin")).resolve("docker");
    Files.writeString(docker, AS_DOCKER_DOES);
    Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwxr-xr-x"));
    environment.put("PATH", docker.getParent() + ":" + System.getenv("PATH"));
    this.desk = desk.with(environment);
  }

  /** An overlay cannot be on another. */
  private static String driver(Path directory) throws IOException {
    return Files.getFileStore(directory).type().equals("overlay") ? "vfs" : "overlay";
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  /** The desk, where this engine is {@code docker}. */
  Desk desk() {
    return desk;
  }

  /** The JDK, and where its links lead to. */
  private static List<String> mounts(Jdks.Jdk jdk) throws IOException {
    List<String> mounts = new ArrayList<>();
    mounts.add("\"" + jdk.home().toRealPath() + ":" + JAVA_HOME + ":ro\"");
    Path settings = Path.of("/etc/java-" + jdk.feature() + "-openjdk");
    if (Files.isDirectory(settings)) {
      mounts.add("\"" + settings + ":" + settings + ":ro\"");
    }
    return mounts;
  }

  /** Makes an image under the name that a page builds upon. */
  void base(String image) throws IOException, InterruptedException {
    Path tar = directory.resolve("base.tar");
    if (!Files.exists(tar)) {
      Path script = Files.writeString(directory.resolve("base.sh"), BASE);
      desk.run(
          "bash '%s' '%s' '%s/stage' '%s'".formatted(script, desk.jdk().home(), directory, tar));
    }
    desk.run(
        "docker import --change ENV=JAVA_HOME=%s --change ENV=PATH=%s/bin:/bin '%s' '%s'"
            .formatted(JAVA_HOME, JAVA_HOME, tar, "docker.io/library/" + image));
  }

  /** Removes all of it. */
  @Override
  public void close() throws IOException {
    try {
      desk.run(
          "docker rm --all --force --volumes --time 0; docker rmi --all --force; rm -r '%s'"
              .formatted(directory));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
