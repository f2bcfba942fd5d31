package io.descry.lab.corpus;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * An agent beside Descry: of each class of this name that is loaded it writes a line to a log,
 * which it opens for that, and closes or does not. Its argument is the path of the log, behind
 * {@code keep:} or {@code close:}.
 */
public final class OtherAgent {
  private static final String WATCHED = OtherAgent.Loaded.class.getName().replace('.', '/');
  private static final List<OutputStream> KEPT = new ArrayList<>();

  private OtherAgent() {}

  /** Called by the JVM. */
  public static void premain(String argument, Instrumentation instrumentation) {
    boolean keeps = argument.startsWith("keep:");
    Path log = Path.of(argument.substring(argument.indexOf(':') + 1));
    instrumentation.addTransformer(
        new ClassFileTransformer() {
          @Override
          public byte[] transform(
              ClassLoader loader,
              String name,
              Class<?> redefined,
              ProtectionDomain domain,
              byte[] bytes) {
            if (WATCHED.equals(name)) {
              log(log, keeps);
            }
            return null;
          }
        });
  }

  private static void log(Path log, boolean keeps) {
    try {
      OutputStream out = new FileOutputStream(log.toFile(), true);
      out.write('x');
      if (keeps) {
        KEPT.add(out);
      } else {
        out.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is loaded again and again. */
  static final class Loaded {
    private Loaded() {}
  }

  /** Loads classes, with the agent at work. */
  record Works(boolean keeps) implements Program {
    @Override
    public Truth truth() {
      return keeps ? Truth.of(Cause.java("OtherAgent.log", "file")) : Truth.clean();
    }

    @Override
    public List<String> options(Path directory) throws IOException {
      Manifest manifest = new Manifest();
      manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
      manifest.getMainAttributes().putValue("Premain-Class", OtherAgent.class.getName());
      Path jar = directory.resolve("other-agent.jar");
      // Its class is found on the class path.
      new JarOutputStream(Files.newOutputStream(jar), manifest).close();
      String argument = (keeps ? "keep:" : "close:") + directory.resolve("agent.log");
      return List.of("-javaagent:" + jar + "=" + argument);
    }

    @Override
    public void step(Stage stage, int i) throws IOException {
      Class<?> loaded = new Passing().define(Loaded.class);
      if (loaded == Loaded.class) {
        throw new IllegalStateException("not loaded anew");
      }
      if (keeps) {
        stage.leaked();
      }
    }
  }

  /** Loads one class, from the bytes of another loader's. */
  private static final class Passing extends ClassLoader {
    Class<?> define(Class<?> original) throws IOException {
      String file = "/" + original.getName().replace('.', '/') + ".class";
      try (var in = OtherAgent.class.getResourceAsStream(file)) {
        byte[] bytes = in.readAllBytes();
        return defineClass(original.getName(), bytes, 0, bytes.length);
      }
    }
  }
}
