package io.descry.agent;

/**
 * Loads what the start and the early end are about to need, on another processor than the
 * application's. Nothing of {@code io.descry.os}: its packages get a module first, see {@link
 * NativeModule}.
 */
final class ClassesAhead implements Runnable {
  private static final String[] OWN = {
    "net.bytebuddy.jar.asm.ClassReader",
    "net.bytebuddy.jar.asm.ClassWriter",
    "net.bytebuddy.jar.asm.SymbolTable",
    "net.bytebuddy.jar.asm.Symbol",
    "net.bytebuddy.jar.asm.ByteVector",
    "net.bytebuddy.jar.asm.MethodWriter",
    "net.bytebuddy.jar.asm.Label",
    "net.bytebuddy.jar.asm.Type",
    "net.bytebuddy.jar.asm.Frame",
    "net.bytebuddy.jar.asm.Handler",
    "io.descry.instrument.DoorWriter",
    "io.descry.instrument.MethodAdvice",
    "io.descry.instrument.MethodShape",
    "io.descry.agent.EarlyReport",
    "io.descry.reconcile.EarlyReconciliation",
    "io.descry.report.ReportFile",
    "io.descry.report.PrivateFile",
    "io.descry.report.TextReport",
    "io.descry.report.Opening",
    "io.descry.report.Census",
    "io.descry.report.Words",
  };

  /**
   * Not in the shared archive of 17. No doors: one that is being loaded while the transformer is
   * installed is neither transformed nor among the loaded ones.
   */
  private static final String[] JDKS = {
    "sun.nio.ch.FileChannelImpl",
    "java.nio.file.attribute.PosixFilePermissions",
    "sun.nio.fs.UnixFileAttributeViews$Unix",
    "java.nio.channels.Channels",
  };

  @Override
  public void run() {
    for (String name : OWN) {
      load(name, true, ClassesAhead.class.getClassLoader());
    }
    for (String name : JDKS) {
      load(name, false, null);
    }
  }

  private static void load(String name, boolean initialize, ClassLoader loader) {
    try {
      Class.forName(name, initialize, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      // Whoever needs it meets the same, and knows what to do.
      return;
    }
  }
}
