import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Packs what the isolated loader loads into one file: the JVM looks at each entry of an agent's jar
 * before {@code main}, and does not look into this one. Run by the build, as a program in one file.
 *
 * <p>The file, whose numbers are of four bytes, the highest first: how many entries; of each, in
 * ascending order of the hash code of its name, that hash code, the position of its data, the
 * length of its name, of its data deflated, and of its data; then the data: the name in ASCII, and
 * what DEFLATE without a header makes of the content. Positions count from the end of the table.
 */
public final class Pack {
  /** What the JVM must find itself, and what finds the rest. */
  private static final Set<String> OUTSIDE =
      Set.of("META-INF/MANIFEST.MF", "io/descry/agent/Main.class", "io/descry/agent/Premain.class");

  private static final String LOADER = "io/descry/agent/IsolatedLoader.class";

  private record Entry(String name, byte[] deflated, int size) {}

  private Pack() {}

  /**
   * Packs.
   *
   * @param arguments the jar; the file to write; where to write the loader's class
   */
  public static void main(String[] arguments) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (ZipFile jar = new ZipFile(arguments[0])) {
      for (ZipEntry entry : Collections.list(jar.entries())) {
        if (entry.isDirectory() || OUTSIDE.contains(entry.getName())) {
          continue;
        }
        byte[] content = jar.getInputStream(entry).readAllBytes();
        if (entry.getName().equals(LOADER)) {
          Files.write(Path.of(arguments[2]), content);
        } else {
          entries.add(new Entry(entry.getName(), deflated(content), content.length));
        }
      }
    }
    entries.sort(
        Comparator.<Entry>comparingInt(entry -> entry.name().hashCode())
            .thenComparing(Entry::name));
    Files.write(Path.of(arguments[1]), packed(entries));
  }

  private static byte[] packed(List<Entry> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(entries.size());
    int position = 0;
    for (Entry entry : entries) {
      out.writeInt(entry.name().hashCode());
      out.writeInt(position);
      out.writeInt(name(entry).length);
      out.writeInt(entry.deflated().length);
      out.writeInt(entry.size());
      position += name(entry).length + entry.deflated().length;
    }
    for (Entry entry : entries) {
      out.write(name(entry));
      out.write(entry.deflated());
    }
    return bytes.toByteArray();
  }

  private static byte[] name(Entry entry) {
    if (!StandardCharsets.US_ASCII.newEncoder().canEncode(entry.name())) {
      throw new IllegalArgumentException("a name that is not ASCII: " + entry.name());
    }
    return entry.name().getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] deflated(byte[] content) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    deflater.setInput(content);
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    while (!deflater.finished()) {
      out.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    return out.toByteArray();
  }
}
