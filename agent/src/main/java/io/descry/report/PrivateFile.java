package io.descry.report;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Files that only their owner can read. */
final class PrivateFile {
  private PrivateFile() {}

  /**
   * Makes a file that was not there.
   *
   * <p>With POSIX modes, O_CREAT, O_EXCL, O_NOFOLLOW and mode 0600 go in the one call that creates
   * it, so no moment exists at which another may read it or has planted a link. On Windows the file
   * comes into being with the list of its directory, as entries that are inherited are merged into
   * whatever a new file is given ("DACL for a New Object" of Windows' documentation); that list is
   * replaced before the first byte is written, and what it allowed is left to who opened the empty
   * file in between. Where there is neither, as on FAT, everybody may read it.
   *
   * @return to write it by
   * @throws FileAlreadyExistsException when there is one, or a link
   * @throws IOException when it cannot be made, or not be made private; it is gone then
   */
  static SeekableByteChannel create(Path path) throws IOException {
    Set<OpenOption> options = Set.of(CREATE_NEW, WRITE, LinkOption.NOFOLLOW_LINKS);
    Set<String> views = path.getFileSystem().supportedFileAttributeViews();
    if (views.contains("posix")) {
      return Files.newByteChannel(
          path,
          options,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    SeekableByteChannel channel = Files.newByteChannel(path, options);
    boolean done = false;
    try {
      if (views.contains("acl") && Files.getFileStore(path).supportsFileAttributeView("acl")) {
        leaveToOwner(path);
      }
      done = true;
      return channel;
    } finally {
      if (!done) {
        channel.close();
        Files.deleteIfExists(path);
      }
    }
  }

  private static void leaveToOwner(Path path) throws IOException {
    AclFileAttributeView view =
        Files.getFileAttributeView(path, AclFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    AclEntry all =
        AclEntry.newBuilder()
            .setType(AclEntryType.ALLOW)
            .setPrincipal(view.getOwner())
            .setPermissions(EnumSet.allOf(AclEntryPermission.class))
            .build();
    view.setAcl(List.of(all));
  }
}
