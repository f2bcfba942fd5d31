package io.descry.os.windows;

import io.descry.os.Answer;
import io.descry.os.Kind;

/**
 * What a handle of type File leads to.
 *
 * @param kind a file, directory, device, pipe or socket; {@link Kind#OTHER} when Windows did not
 *     say
 * @param target the path, or the object's name
 * @param device the serial number of the volume, 0 when there is none
 * @param inode the file's index on the volume, 0 when there is none
 * @param deleted whether no name leads to the file any more
 * @param socket its addresses; {@code null} when this is none
 */
record FileAnswer(
    Kind kind, String target, long device, long inode, Answer deleted, SocketNames socket) {

  /** What has no inode and no addresses. */
  FileAnswer(Kind kind, String target) {
    this(kind, target, 0, 0, Answer.UNKNOWN, null);
  }
}
