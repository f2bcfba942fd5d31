package io.descry.agent;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLStreamHandler;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Supplier;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/**
 * Loads Descry and its libraries from {@code isolated/} in the agent jar. It looks there first and
 * never into the application's class path, which its parent, the platform loader, does not know.
 * Classes are kept under another suffix, so that nothing else takes them for classes.
 *
 * <p>Defined as a hidden class, so it has no nested ones: those could not name it.
 */
public final class IsolatedLoader extends ClassLoader implements Supplier<String> {
  static {
    registerAsParallelCapable();
  }

  private static final String ROOT = "isolated/";

  /** The ledger stands on the bootstrap loader. */
  private static final String LEDGER = "io.descry.ledger.";

  private final JarFile jar;

  /** Loads from a jar, which stays open for as long as the JVM lives. */
  public IsolatedLoader(JarFile jar) {
    super("descry", ClassLoader.getPlatformClassLoader());
    this.jar = jar;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> type = findLoadedClass(name);
      if (type == null && !name.startsWith(LEDGER)) {
        type = define(name);
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
    ZipEntry entry = entry(name.replace('.', '/') + ".class");
    if (entry == null) {
      return null;
    }
    byte[] bytes = read(entry);
    return defineClass(name, bytes, 0, bytes.length);
  }

  /** The path of the agent jar. An interface of the JDK's, for a hidden class cannot be named. */
  @Override
  public String get() {
    return jar.getName();
  }

  /** Without a URL, whose machinery takes longer than the reading. */
  @Override
  public InputStream getResourceAsStream(String name) {
    ZipEntry entry = entry(name);
    try {
      return entry == null ? super.getResourceAsStream(name) : jar.getInputStream(entry);
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
    ZipEntry entry = entry(name);
    if (entry == null) {
      return null;
    }
    try {
      URLStreamHandler handler =
          (URLStreamHandler)
              Class.forName("io.descry.agent.EntryHandler", true, this)
                  .getConstructor(JarFile.class)
                  .newInstance(jar);
      return url(entry, handler);
    } catch (ReflectiveOperationException | MalformedURLException e) {
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
  private static URL url(ZipEntry entry, URLStreamHandler handler) throws MalformedURLException {
    return new URL("descry", null, -1, "/" + entry.getName(), handler);
  }

  private ZipEntry entry(String name) {
    String stored =
        name.endsWith(".class") ? name.substring(0, name.length() - 5) + "classdata" : name;
    return jar.getEntry(ROOT + stored);
  }

  private byte[] read(ZipEntry entry) throws ClassNotFoundException {
    // Not readAllBytes, which takes 16 KB for each: a heap that nobody collects keeps them all.
    byte[] bytes = new byte[(int) entry.getSize()];
    try (InputStream in = jar.getInputStream(entry)) {
      in.readNBytes(bytes, 0, bytes.length);
      return bytes;
    } catch (IOException e) {
      throw new ClassNotFoundException(entry.getName(), e);
    }
  }
}
