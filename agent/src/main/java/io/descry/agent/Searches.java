package io.descry.agent;

import io.descry.ledger.Ledger;
import io.descry.os.DescriptorSnapshot;
import io.descry.os.ProcessDescriptors;
import io.descry.os.windows.SearchBlock;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Lets the ledger have the handles of directories that Java lists on Windows. Java knows of these
 * only an address, and where the handle stands behind it is not documented: so it is looked for in
 * two directories that this lists itself, and only what holds for both is taken for true.
 */
final class Searches {
  private final Supplier<DescriptorSnapshot> snapshots;
  private final Supplier<long[]> words;

  /**
   * Begins with nothing known.
   *
   * @param snapshots of this process
   * @param words as {@link Ledger#takeOwnSearch()}
   */
  Searches(Supplier<DescriptorSnapshot> snapshots, Supplier<long[]> words) {
    this.snapshots = snapshots;
    this.words = words;
  }

  /** Tells the ledger where the handles are, or {@code blind} that they are not known. */
  static void teach(ProcessDescriptors descriptors, BiConsumer<String, String> blind) {
    Path home = Path.of(System.getProperty("java.home"));
    try {
      int offset = new Searches(descriptors::snapshot, Ledger::takeOwnSearch).handleAt(home);
      if (offset != SearchBlock.UNKNOWN) {
        Ledger.searchesHold(offset);
        return;
      }
      blind.accept("which directories Java lists", "this Windows keeps their handles elsewhere");
    } catch (IOException e) {
      blind.accept("which directories Java lists", "the JDK's own cannot be listed: " + e);
    }
  }

  /**
   * Where the handle stands, in bytes from the beginning of what FindFirstFile gives out.
   *
   * @param directory with a directory {@code lib} in it
   * @return {@link SearchBlock#UNKNOWN} when both do not say the same
   */
  int handleAt(Path directory) throws IOException {
    int offset = handleIn(directory);
    return offset == handleIn(directory.resolve("lib")) ? offset : SearchBlock.UNKNOWN;
  }

  private int handleIn(Path directory) throws IOException {
    DirectoryStream<Path> listed = Files.newDirectoryStream(directory);
    try (listed) {
      long[] known = words.get();
      return known == null
          ? SearchBlock.UNKNOWN
          : SearchBlock.handleAt(known, snapshots.get(), directory);
    }
  }
}
