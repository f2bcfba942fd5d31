package io.descry.os.windows;

import io.descry.os.Descriptor;
import io.descry.os.DescriptorSnapshot;
import io.descry.os.Kind;
import java.nio.file.Path;

/**
 * What FindFirstFile gives out: called a search handle, and the address of a block of which Windows
 * documents nothing. The handle of the directory stands somewhere at its beginning: in the first
 * word of kernelbase's, after a word of its own in Wine's (dlls/kernelbase/file.c,
 * FIND_FIRST_INFO).
 */
public final class SearchBlock {
  /** What {@link #handleAt} says when no word is the handle. */
  public static final int UNKNOWN = -1;

  private SearchBlock() {}

  /**
   * Where the handle stands in the block of a search that goes on.
   *
   * @param words the first words of the block
   * @param now a snapshot that was taken meanwhile
   * @param directory what is searched
   * @return the offset in bytes of the one word that is the number of a handle on a directory of
   *     that name; {@link #UNKNOWN} when there is none, or more than one
   */
  public static int handleAt(long[] words, DescriptorSnapshot now, Path directory) {
    String name = String.valueOf(directory.getFileName());
    int found = UNKNOWN;
    for (int i = 0; i < words.length; i++) {
      long word = words[i];
      boolean handle =
          now.descriptors().stream().anyMatch(one -> one.number() == word && isOf(one, name));
      if (handle && found != UNKNOWN) {
        return UNKNOWN;
      }
      found = handle ? i * Long.BYTES : found;
    }
    return found;
  }

  private static boolean isOf(Descriptor descriptor, String name) {
    String target = descriptor.target();
    int start = target.length() - name.length();
    return descriptor.kind() == Kind.DIRECTORY
        && start > 0
        && target.charAt(start - 1) == '\\'
        && target.regionMatches(true, start, name, 0, name.length());
  }
}
