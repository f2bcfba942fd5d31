package io.descry.os.symbols;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Real objects of this process, as the loader and the kernel describe them. */
final class Loaded {
  private Loaded() {}

  /** The object that was loaded from a file; the file must still be as it was then. */
  static Image image(Path file) throws IOException {
    String path = file.toRealPath().toString();
    List<String> maps =
        Files.readAllLines(Path.of("/proc/self/maps")).stream()
            .filter(line -> line.endsWith(" " + path))
            .toList();
    long begin = address(maps.get(0), 0);
    long end = address(maps.get(maps.size() - 1), 1);
    try (RandomAccessFile in = new RandomAccessFile(path, "r")) {
      FileSource source = new FileSource(in);
      return new Image(
          path, new ElfFile(source).buildId(), begin, begin, end, begin + dynamic(source), true);
    }
  }

  private static long address(String line, int part) {
    return Long.parseUnsignedLong(line.split(" ")[0].split("-")[part], 16);
  }

  private static long dynamic(FileSource source) throws IOException {
    ByteBuffer header = source.read(0, 64);
    for (int i = 0; i < header.getShort(56); i++) {
      ByteBuffer segment = source.read(header.getLong(32) + i * 56L, 56);
      if (segment.getInt(0) == 2) {
        return segment.getLong(16);
      }
    }
    throw new IOException("no dynamic section");
  }

  /** Where an exported function of a loaded object is. */
  static long address(Path file, String function) {
    return Pointer.nativeValue(NativeLibrary.getInstance(file.toString()).getFunction(function));
  }

  /** Unloads what {@link #address} loaded: other tests look at all that is loaded. */
  static void unload(Path file) {
    NativeLibrary.getInstance(file.toString()).close();
  }
}
