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
 * Puts the ledger's calls into the JDK's doors: into classes that are loaded already by
 * retransformation, into others when they load.
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
    instrumentation.addTransformer(new DoorTransformer(failures), true);
    List<Class<?>> loaded = new ArrayList<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      if (isOfJdk(type.getClassLoader()) && DOORS.containsKey(type.getName().replace('.', '/'))) {
        loaded.add(type);
      }
    }
    try {
      instrumentation.retransformClasses(loaded.toArray(new Class<?>[0]));
    } catch (UnmodifiableClassException | RuntimeException | LinkageError e) {
      failures.failed("classes loaded before the agent", e);
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
      return DoorWriter.write(bytes, doors);
    } catch (RuntimeException | LinkageError e) {
      failures.failed(name.replace('/', '.'), e);
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
    return loader == null || loader == ClassLoader.getPlatformClassLoader();
  }
}
