package io.descry.lab.clean;

import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Plugins loaded from many archives, one by one until all are there; and a loader that comes and
 * goes.
 */
final class Loaders implements Habit {
  private static final int PLUGINS = 30;

  private final Path directory;
  private final List<URLClassLoader> plugins = new ArrayList<>();

  Loaders(Path directory) {
    this.directory = directory;
  }

  @Override
  public void step(int i) throws Exception {
    if (plugins.size() < PLUGINS && i % 5 == 0) {
      plugins.add(loader(archive(plugins.size())));
    }
    try (URLClassLoader passing = loader(archive(PLUGINS))) {
      passing.hashCode();
    }
  }

  private static URLClassLoader loader(Path archive) throws Exception {
    URLClassLoader loader = new URLClassLoader(new URL[] {archive.toUri().toURL()}, null);
    if (loader.findResource("entry.txt") == null) {
      throw new IllegalStateException("no entry in " + archive);
    }
    return loader;
  }

  private Path archive(int number) throws Exception {
    Path archive = directory.resolve(number + ".jar");
    if (!Files.exists(archive)) {
      try (OutputStream out = Files.newOutputStream(archive);
          ZipOutputStream zip = new ZipOutputStream(out)) {
        zip.putNextEntry(new ZipEntry("entry.txt"));
        zip.closeEntry();
      }
    }
    return archive;
  }

  @Override
  public void finish() throws Exception {
    for (URLClassLoader plugin : plugins) {
      plugin.close();
    }
  }
}
