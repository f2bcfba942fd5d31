package io.descry.agent;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLStreamHandler;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Supplier;
import java.util.jar.JarFile;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipEntry;

/**
 * Loads Descry and its libraries from an archive in the agent jar, of the form that {@code Pack}
 * writes. It looks there first and never into the application's class path, which its parent, the
 * platform loader, does not know; nor does the application's loader look into the archive.
 *
 * <p>Defined as a hidden class, so it has no nested ones: those could not name it.
 */
public final class IsolatedLoader extends ClassLoader implements Supplier<String> {
  static {
    registerAsParallelCapable();
  }

  private static final String ARCHIVE = "isolated/archive";

  /** Bytes of a row of the table: hash code, position, length of name, deflated, and in full. */
  private static final int ROW = 20;

  /** The ledger stands on the bootstrap loader. */
  private static final String LEDGER = "io.descry.ledger.";

  /** A module of the JDK's, by which the command line attaches, but not the platform loader's. */
  private static final String ATTACH = "com.sun.tools.attach.";

  private final JarFile jar;
  private final ZipEntry archive;
  private final ByteBuffer table;
  private final Inflater inflater = new Inflater(true);

  /**
   * Loads from a jar, which stays open for as long as the JVM lives.
   *
   * @throws IOException when the jar is damaged or cannot be read
   */
  public IsolatedLoader(JarFile jar) throws IOException {
    super("descry", ClassLoader.getPlatformClassLoader());
    this.jar = jar;
    archive = jar.getEntry(ARCHIVE);
    if (archive == null) {
      throw new IOException(ARCHIVE + " is not in " + jar.getName());
    }
    try (InputStream in = jar.getInputStream(archive)) {
      int rows = ByteBuffer.wrap(bytes(in, Integer.BYTES)).getInt();
      table = ByteBuffer.wrap(bytes(in, rows * ROW));
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> type = findLoadedClass(name);
      if (type == null && !name.startsWith(LEDGER)) {
        type = define(name);
      }
      if (type == null && name.startsWith(ATTACH)) {
        return ClassLoader.getSystemClassLoader().loadClass(name);
      }
      return type == null ? super.loadClass(name, resolve) : type;
    }
  }

  /** Called by the JVM for classes of a named module that this loader defines. */
  @Override
  protected Class<?> findClass(String module, String name) {
    try {
      return loadClass(name, false);
    } catch (ClassNotFoundException e) {
      // The contract of this method: null when the class cannot be found.
      return null;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try {
      byte[] bytes = read(name.replace('.', '/') + ".class");
      return bytes == null ? null : defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  /** The path of the agent jar. An interface of the JDK's, for a hidden class cannot be named. */
  @Override
  public String get() {
    return jar.getName();
  }

  /** Without a URL, whose machinery takes longer than the reading. */
  @Override
  public InputStream getResourceAsStream(String name) {
    try {
      byte[] bytes = read(name);
      return bytes == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(bytes);
    } catch (IOException e) {
      // The contract of this method: null when the resource cannot be had.
      return null;
    }
  }

  @Override
  public URL getResource(String name) {
    URL own = findResource(name);
    return own == null ? super.getResource(name) : own;
  }

  @Override
  protected URL findResource(String name) {
    try {
      if (read(name) == null) {
        return null;
      }
      URLStreamHandler handler =
          (URLStreamHandler)
              Class.forName("io.descry.agent.EntryHandler", true, this)
                  .getConstructor(ClassLoader.class)
                  .newInstance(this);
      return url(name, handler);
    } catch (ReflectiveOperationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected Enumeration<URL> findResources(String name) {
    URL own = findResource(name);
    return own == null ? Collections.emptyEnumeration() : Collections.enumeration(List.of(own));
  }

  /** {@code URL.of} came with 20 and deprecated this constructor; Descry runs on 17 too. */
  @SuppressWarnings("deprecation")
  private static URL url(String name, URLStreamHandler handler) throws MalformedURLException {
    return new URL("descry", null, -1, "/" + name, handler);
  }

  /** What the archive has under a name; {@code null}: nothing. */
  private byte[] read(String name) throws IOException {
    int hash = name.hashCode();
    int low = 0;
    int high = table.capacity() / ROW;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (table.getInt(middle * ROW) < hash) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    for (int row = low * ROW; row < table.capacity() && table.getInt(row) == hash; row += ROW) {
      byte[] content = table.getInt(row + 8) == name.length() ? content(row, name) : null;
      if (content != null) {
        return content;
      }
    }
    return null;
  }

  /** What stands in a row, if that is of this name; else {@code null}. */
  private byte[] content(int row, String name) throws IOException {
    int deflated = table.getInt(row + 12);
    byte[] found;
    try (InputStream in = jar.getInputStream(archive)) {
      in.skipNBytes(Integer.BYTES + table.capacity() + (long) table.getInt(row + 4));
      found = bytes(in, name.length() + deflated);
    }
    for (int i = 0; i < name.length(); i++) {
      if (found[i] != name.charAt(i)) {
        return null;
      }
    }
    byte[] content = new byte[table.getInt(row + 16)];
    synchronized (inflater) {
      inflater.reset();
      inflater.setInput(found, name.length(), deflated);
      try {
        // All of it at once, for there is room for all; less only where the archive is damaged.
        if (inflater.inflate(content) < content.length) {
          throw new EOFException(name);
        }
      } catch (DataFormatException e) {
        throw new IOException(name, e);
      }
    }
    return content;
  }

  /** Not readNBytes of a number, which takes larger ones in parts that it then puts together. */
  private static byte[] bytes(InputStream in, int count) throws IOException {
    byte[] bytes = new byte[count];
    if (in.readNBytes(bytes, 0, count) < count) {
      throw new EOFException(ARCHIVE);
    }
    return bytes;
  }
}
