package io.descry.agent;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;

/** The jars that the option {@code modules} names. */
final class ModuleJars {
  private ModuleJars() {}

  /**
   * A loader of these jars, which sees Descry and not the application. It stays open for as long as
   * the JVM lives.
   *
   * @param jars paths, joined by {@code +}
   * @throws IllegalArgumentException when one of them is no file
   */
  static ClassLoader loader(String jars) {
    List<URL> urls = new ArrayList<>();
    for (String jar : jars.split("\\+")) {
      File file = new File(jar.strip());
      if (!file.isFile()) {
        throw new IllegalArgumentException("option modules: there is no file " + file);
      }
      try {
        urls.add(file.toURI().toURL());
      } catch (MalformedURLException e) {
        // Every file has one.
        throw new IllegalArgumentException(e);
      }
    }
    return new URLClassLoader(
        "descry-modules", urls.toArray(new URL[0]), ModuleJars.class.getClassLoader());
  }
}
