package io.descry.lab.ways;

import static io.descry.lab.ways.Way.way;

import java.io.FileInputStream;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/** Archives and those who read classes from them. */
final class ArchiveWays {
  private ArchiveWays() {}

  static List<Way> ways() {
    return List.of(
        way(ArchiveWays.class, "zipFile", ArchiveWays::zipFile, "file"),
        way(ArchiveWays.class, "zipFileTwice", ArchiveWays::zipFileTwice, "file"),
        way(ArchiveWays.class, "zipFileDeleting", ArchiveWays::zipFileDeleting, "file"),
        way(ArchiveWays.class, "jarFile", ArchiveWays::jarFile, "file"),
        way(ArchiveWays.class, "zipInputStream", ArchiveWays::zipInputStream, "file"),
        way(ArchiveWays.class, "zipFileSystem", ArchiveWays::zipFileSystem, "file"),
        way(ArchiveWays.class, "urlClassLoader", ArchiveWays::urlClassLoader, "file"),
        way(
            ArchiveWays.class,
            "jarUrlConnectionCached",
            ArchiveWays::jarUrlConnectionCached,
            "file"),
        way(
            ArchiveWays.class,
            "jarUrlConnectionUncached",
            ArchiveWays::jarUrlConnectionUncached,
            "file"),
        way(ArchiveWays.class, "fileUrlConnection", ArchiveWays::fileUrlConnection, "file"));
  }

  static AutoCloseable zipFile(Place place) throws Exception {
    return new ZipFile(place.archive().toFile());
  }

  static AutoCloseable zipFileTwice(Place place) throws Exception {
    Path archive = place.archive();
    ZipFile first = new ZipFile(archive.toFile());
    ZipFile second = new ZipFile(archive.toFile());
    return () -> {
      first.close();
      second.close();
    };
  }

  static AutoCloseable zipFileDeleting(Place place) throws Exception {
    return new ZipFile(place.archive().toFile(), ZipFile.OPEN_READ | ZipFile.OPEN_DELETE);
  }

  static AutoCloseable jarFile(Place place) throws Exception {
    JarFile jar = new JarFile(place.archive().toFile(), true, ZipFile.OPEN_READ, Runtime.version());
    jar.getInputStream(jar.getEntry("entry.txt")).read();
    return jar;
  }

  static AutoCloseable zipInputStream(Place place) throws Exception {
    ZipInputStream in = new ZipInputStream(new FileInputStream(place.archive().toFile()));
    in.getNextEntry();
    return in;
  }

  static AutoCloseable zipFileSystem(Place place) throws Exception {
    return FileSystems.newFileSystem(place.archive());
  }

  static AutoCloseable urlClassLoader(Place place) throws Exception {
    URLClassLoader loader = new URLClassLoader(new URL[] {place.archive().toUri().toURL()}, null);
    if (loader.findResource("entry.txt") == null) {
      throw new IllegalStateException("no such entry");
    }
    return loader;
  }

  static AutoCloseable jarUrlConnectionCached(Place place) throws Exception {
    JarURLConnection connection = connection(place);
    connection.setUseCaches(true);
    connection.connect();
    return connection.getJarFile();
  }

  static AutoCloseable jarUrlConnectionUncached(Place place) throws Exception {
    JarURLConnection connection = connection(place);
    connection.setUseCaches(false);
    InputStream in = connection.getInputStream();
    in.read();
    return in;
  }

  static AutoCloseable fileUrlConnection(Place place) throws Exception {
    return place.file().toUri().toURL().openStream();
  }

  private static JarURLConnection connection(Place place) throws Exception {
    URL url = new URL("jar:" + place.archive().toUri() + "!/entry.txt");
    return (JarURLConnection) url.openConnection();
  }
}
