package io.descry.lab.corpus;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Opcodes;

/** Programs that read much, and hold what they read open for a time, without a leak. */
final class CleanTrees {
  private CleanTrees() {}

  /** Files.walk of a deep tree, step by step: each level that it is in is open meanwhile. */
  static final class DeepWalk implements Program {
    private static final int DEPTH = 80;

    private Stream<Path> walk;
    private Iterator<Path> paths;

    @Override
    public Truth truth() {
      return Truth.clean();
    }

    @Override
    public void prepare(Stage stage) throws IOException {
      Path level = stage.directory().resolve("tree");
      for (int i = 0; i < DEPTH; i++) {
        Files.createDirectories(level);
        Files.writeString(level.resolve("file"), "line\n");
        level = level.resolve("d");
      }
    }

    @Override
    public void step(Stage stage, int i) throws IOException {
      if (walk == null) {
        walk = Files.walk(stage.directory().resolve("tree"));
        paths = walk.iterator();
      }
      if (paths.hasNext()) {
        Files.isRegularFile(paths.next());
      } else {
        finish();
      }
    }

    @Override
    public long pauseMillis() {
      return 50;
    }

    @Override
    public int seconds() {
      return 60;
    }

    @Override
    public void finish() {
      if (walk != null) {
        walk.close();
        walk = null;
      }
    }
  }

  /** Classes loaded by one loader from three hundred archives, one by one as they are needed. */
  static final class ClassPath implements Program {
    private static final int JARS = 300;

    private URLClassLoader loader;

    @Override
    public Truth truth() {
      return Truth.clean();
    }

    @Override
    public void prepare(Stage stage) throws IOException {
      URL[] urls = new URL[JARS];
      for (int i = 0; i < JARS; i++) {
        urls[i] = jar(stage, i).toUri().toURL();
      }
      loader = new URLClassLoader(urls);
    }

    private static Path jar(Stage stage, int number) throws IOException {
      Path jar = stage.directory().resolve(number + ".jar");
      try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
        ClassWriter written = new ClassWriter(0);
        written.visit(
            Opcodes.V17, Opcodes.ACC_PUBLIC, "some/C" + number, null, "java/lang/Object", null);
        zip.putNextEntry(new ZipEntry("some/C" + number + ".class"));
        zip.write(written.toByteArray());
      }
      return jar;
    }

    @Override
    public void step(Stage stage, int i) throws ClassNotFoundException {
      loader.loadClass("some.C" + i % JARS);
    }

    @Override
    public long pauseMillis() {
      return 100;
    }

    @Override
    public void finish() throws IOException {
      loader.close();
    }
  }
}
