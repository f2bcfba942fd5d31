package io.descry.agent;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.util.Map;
import java.util.Set;
import jdk.internal.misc.Unsafe;

/**
 * Defines the ledger's classes in the bootstrap loader, where the JDK's own classes can call them.
 * (Appending to the boot search path would do too, but makes HotSpot turn class data sharing off
 * for the application loader and print a warning about it.)
 */
final class BootLedger {
  /** In an order in which each class finds its superclass. */
  private static final String[] CLASSES = {
    "OpenKind",
    "OpenStack",
    "StackBudget",
    "LedgerEntry",
    "Slots",
    "Ledger$Stacks",
    "Ledger",
    "HandleEntry$Whole",
    "HandleEntry",
    "OwnerKey",
    "Handles",
    "ExpectedBooks",
    "Registries"
  };

  private BootLedger() {}

  /** Defines the classes, unless an attempt to start that ended early has left them there. */
  static void define(Instrumentation instrumentation) throws IOException, ClassNotFoundException {
    export(instrumentation, BootLedger.class.getModule());
    if (isDefined()) {
      return;
    }
    Unsafe unsafe = Unsafe.getUnsafe();
    for (String name : CLASSES) {
      String path = "io/descry/ledger/" + name;
      byte[] bytes = read(path + ".class");
      unsafe.defineClass(path, bytes, 0, bytes.length, null, null);
    }
    Module boot = Class.forName("io.descry.ledger.OpenStack", false, null).getModule();
    export(instrumentation, boot);
  }

  private static boolean isDefined() {
    try {
      Class.forName("io.descry.ledger.Ledger", false, null);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static void export(Instrumentation instrumentation, Module reader) {
    instrumentation.redefineModule(
        Object.class.getModule(),
        Set.of(),
        Map.of("jdk.internal.misc", Set.of(reader), "jdk.internal.access", Set.of(reader)),
        Map.of(),
        Set.of(),
        Map.of());
  }

  private static byte[] read(String resource) throws IOException {
    try (InputStream in = BootLedger.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("not in the agent jar: " + resource);
      }
      return in.readAllBytes();
    }
  }
}
