package io.descry.os.linux;

import java.util.HashSet;
import java.util.Set;

/**
 * Which devices are file systems whose server may not answer. The position of a file there is not
 * asked for: while a thread waits for the server in a read, the kernel holds the lock of the
 * position (fdget_pos of fs/file.c), and the scan would wait as well.
 */
final class RemoteFileSystems {
  private static final Set<String> TYPES =
      Set.of(
          "nfs",
          "nfs4",
          "cifs",
          "smb3",
          "smbfs",
          "ceph",
          "9p",
          "afs",
          "lustre",
          "gpfs",
          "beegfs",
          "gfs2",
          "ocfs2",
          "coda",
          "virtiofs",
          "fuseblk",
          "fuse",
          "orangefs");

  private RemoteFileSystems() {}

  /**
   * Devices as {@link FileStatus#device} has them.
   *
   * @param mountinfo the text of /proc/self/mountinfo (proc_pid_mountinfo(5))
   */
  static Set<Long> devices(String mountinfo) {
    Set<Long> devices = new HashSet<>();
    for (String line : mountinfo.split("\n")) {
      int separator = line.indexOf(" - ");
      String[] fields = line.split(" ", 4);
      if (separator < 0 || fields.length < 4) {
        continue;
      }
      String type = line.substring(separator + 3).split(" ", 2)[0];
      if (TYPES.contains(type) || type.startsWith("fuse.")) {
        String[] numbers = fields[2].split(":");
        devices.add(FileStatus.device(Long.parseLong(numbers[0]), Long.parseLong(numbers[1])));
      }
    }
    return devices;
  }
}
