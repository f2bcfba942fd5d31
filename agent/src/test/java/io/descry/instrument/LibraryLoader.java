package io.descry.instrument;

import io.descry.owner.OwnerModules;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Defines classes of the class path anew, advised as an agent would have them, so that a test has
 * its own copy of a library.
 */
public final class LibraryLoader extends ClassLoader {
  /** What could not be advised. */
  public final List<String> failures = new ArrayList<>();

  private final Predicate<String> own;
  private final HandleTransformer transformer;

  /**
   * A loader of its own copies.
   *
   * @param own tells by the name which classes are defined anew
   */
  public LibraryLoader(OwnerModules modules, Predicate<String> own) {
    super(LibraryLoader.class.getClassLoader());
    this.own = own;
    this.transformer =
        new HandleTransformer(
            modules, (where, reason) -> failures.add(where + ": " + reason.getMessage()));
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      if (known != null || !own.test(name)) {
        return known != null ? known : super.loadClass(name, resolve);
      }
      String path = name.replace('.', '/');
      URL resource = getResource(path + ".class");
      if (resource == null) {
        throw new ClassNotFoundException(name);
      }
      try (InputStream in = resource.openStream()) {
        byte[] bytes = in.readAllBytes();
        byte[] advised = transformer.transform(null, this, path, null, null, bytes);
        byte[] defined = advised == null ? bytes : advised;
        return defineClass(name, defined, 0, defined.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
