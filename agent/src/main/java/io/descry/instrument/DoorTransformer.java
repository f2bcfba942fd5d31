package io.descry.instrument;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the ledger's calls into the JDK's doors, by retransforming them all at the start, and again
 * whenever somebody else has one of them transformed.
 */
public final class DoorTransformer implements ClassFileTransformer {
  /** Is told of doors that could not be advised. */
  public interface Failures {
    /**
     * @param where the class, by its name in source code, or which classes
     * @param reason what was thrown
     */
    void failed(String where, Throwable reason);
  }

  private static final Map<String, List<Door>> DOORS = byType();

  /** Kept, because asking for it is a checked operation. */
  private static final ClassLoader PLATFORM = ClassLoader.getPlatformClassLoader();

  private final Failures failures;

  private DoorTransformer(Failures failures) {
    this.failures = failures;
  }

  /**
   * Advises all doors of this JVM.
   *
   * @param failures is told of each class whose doors could not be advised, with the reason
   */
  public static void install(Instrumentation instrumentation, Failures failures) {
    // Every door is loaded now: a class that loads when memory or stack has run out is not
    // transformed, and a door that is missed makes the ledger lie.
    List<Class<?>> doors = new ArrayList<>();
    for (String name : DOORS.keySet()) {
      try {
        doors.add(Class.forName(name.replace('/', '.'), false, PLATFORM));
      } catch (ClassNotFoundException e) {
        // Not in this release, or not in this runtime image.
        continue;
      }
    }
    // It stays, for those who transform these classes again: JFR does, other agents may.
    instrumentation.addTransformer(new DoorTransformer(failures), true);
    try {
      instrumentation.retransformClasses(doors.toArray(new Class<?>[0]));
    } catch (UnmodifiableClassException | RuntimeException | LinkageError e) {
      failures.failed("the JDK's classes", e);
    }
  }

  @Override
  public byte[] transform(
      Module module,
      ClassLoader loader,
      String name,
      Class<?> redefined,
      ProtectionDomain domain,
      byte[] bytes) {
    if (name == null || !isOfJdk(loader)) {
      return null;
    }
    List<Door> doors = DOORS.get(name);
    if (doors == null) {
      return null;
    }
    try {
      return DoorWriter.write(bytes, doors, "io/descry/ledger/Ledger");
    } catch (Throwable t) {
      // What leaves here is dropped by the JVM unseen.
      failures.failed(name.replace('/', '.'), t);
      return null;
    }
  }

  private static Map<String, List<Door>> byType() {
    Map<String, List<Door>> byType = new HashMap<>();
    for (Door door : Doors.TABLE) {
      List<Door> doors = byType.get(door.type());
      if (doors == null) {
        doors = new ArrayList<>();
        byType.put(door.type(), doors);
      }
      doors.add(door);
    }
    return byType;
  }

  private static boolean isOfJdk(ClassLoader loader) {
    return loader == null || loader == PLATFORM;
  }
}
