package io.descry.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where there are access lists in place of modes; {@link ReportFileTest} has the modes. */
class PrivateFileTest {
  private static final Configuration WINDOWS =
      Configuration.windows().toBuilder()
          .setAttributeViews("basic", "dos", "owner", "acl")
          .setDefaultAttributeValue("acl:acl", everybody())
          .build();

  private static List<AclEntry> everybody() {
    return List.of(
        AclEntry.newBuilder()
            .setType(AclEntryType.ALLOW)
            .setPrincipal(() -> "Everyone")
            .setPermissions(AclEntryPermission.READ_DATA)
            .build());
  }

  @Test
  void onlyTheOwnerIsOnTheList() throws IOException {
    try (FileSystem files = Jimfs.newFileSystem(WINDOWS)) {
      Path path = files.getPath("C:\\work\\report.txt");
      try (SeekableByteChannel channel = PrivateFile.create(path)) {
        AclFileAttributeView view = Files.getFileAttributeView(path, AclFileAttributeView.class);
        assertThat(view.getAcl())
            .singleElement()
            .satisfies(
                entry -> {
                  assertThat(entry.type()).isEqualTo(AclEntryType.ALLOW);
                  assertThat(entry.principal()).isEqualTo(Files.getOwner(path));
                  assertThat(entry.permissions())
                      .isEqualTo(EnumSet.allOf(AclEntryPermission.class));
                });
        channel.write(ByteBuffer.wrap(new byte[3]));
      }
      assertThat(Files.size(path)).isEqualTo(3);
    }
  }

  @Test
  void whatIsThereIsLeftAsItIs() throws IOException {
    try (FileSystem files = Jimfs.newFileSystem(WINDOWS)) {
      Path path = Files.writeString(files.getPath("C:\\work\\report.txt"), "theirs");
      assertThatThrownBy(() -> PrivateFile.create(path))
          .isInstanceOf(FileAlreadyExistsException.class);
      assertThat(Files.readString(path)).isEqualTo("theirs");
      assertThat(Files.getFileAttributeView(path, AclFileAttributeView.class).getAcl())
          .isEqualTo(everybody());
    }
  }

  @Test
  void withoutListsAndModesThereIsAFileAllTheSame() throws IOException {
    try (FileSystem files = Jimfs.newFileSystem(Configuration.windows())) {
      Path path = files.getPath("C:\\work\\report.txt");
      PrivateFile.create(path).close();
      assertThat(path).exists();
    }
  }
}
