package io.descry.agent;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.net.URL;
import java.util.function.Consumer;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * The class of Descry that the JVM must find on the class path: it starts the rest in an isolated
 * class loader, or hands a command to the Descry that runs already. Whatever goes wrong, the
 * application starts as it would have without.
 */
public final class Premain {
  private static final String LOADER = "isolated/loader";

  private Premain() {}

  /** Called by the JVM before the application's {@code main}. */
  public static void premain(String arguments, Instrumentation instrumentation) {
    start("premain", arguments, instrumentation);
  }

  /** Called by the JVM when the agent is attached to a running application. */
  public static void agentmain(String arguments, Instrumentation instrumentation) {
    start("agentmain", arguments, instrumentation);
  }

  private static void start(String method, String arguments, Instrumentation instrumentation) {
    String options = arguments == null ? "" : arguments;
    try {
      Consumer<String> running = running();
      if (running != null) {
        running.accept(options);
        return;
      }
      ClassLoader loader = isolatedLoader();
      // The parameters that the JVM's own call of this class has: for others, the first call by
      // reflection takes JDK 18 and later 20 ms.
      Class.forName("io.descry.agent.Start", true, loader)
          .getMethod(method, String.class, Instrumentation.class)
          .invoke(null, options, instrumentation);
    } catch (Throwable t) {
      off(t);
    }
  }

  /** The Descry that runs in this JVM, through the one class that all copies share. */
  @SuppressWarnings("unchecked")
  private static Consumer<String> running() throws ReflectiveOperationException {
    try {
      Class<?> ledger = Class.forName("io.descry.ledger.Ledger", true, null);
      return (Consumer<String>) ledger.getMethod("running").invoke(null);
    } catch (ClassNotFoundException e) {
      // The usual case: nothing of Descry has been defined in this JVM.
      return null;
    }
  }

  /** A loader of what stands in this jar beside this class. */
  static ClassLoader isolatedLoader() throws Exception {
    URL location = Premain.class.getProtectionDomain().getCodeSource().getLocation();
    JarFile jar = new JarFile(new File(location.toURI()), false);
    byte[] bytes;
    JarEntry entry = jar.getJarEntry(LOADER);
    try (InputStream in = jar.getInputStream(entry)) {
      bytes = in.readAllBytes();
    }
    // Hidden, so that the application cannot find the loader by name either.
    return (ClassLoader)
        MethodHandles.lookup()
            .defineHiddenClass(bytes, true)
            .lookupClass()
            .getConstructor(JarFile.class)
            .newInstance(jar);
  }

  private static void off(Throwable t) {
    try {
      Throwable cause = t.getCause() == null ? t : t.getCause();
      // Not System.err: the application may have put a stream of its own there.
      PrintStream error = new PrintStream(new FileOutputStream(FileDescriptor.err), true);
      error.println("descry: off, the application is not affected: " + cause);
    } catch (Throwable unsaid) {
      // A security manager or an empty heap forbids even that. What leaves here ends the JVM.
      return;
    }
  }
}
