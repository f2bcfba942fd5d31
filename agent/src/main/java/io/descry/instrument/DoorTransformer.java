package io.descry.instrument;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Puts the ledger's calls into the JDK's doors: into those that are loaded by retransforming them
 * at the start, into the others as they load, and again whenever somebody else has one transformed.
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

  private final Instrumentation instrumentation;
  private final Failures failures;
  private final Set<String> advised = ConcurrentHashMap.newKeySet();

  private DoorTransformer(Instrumentation instrumentation, Failures failures) {
    this.instrumentation = instrumentation;
    this.failures = failures;
  }

  /**
   * Advises the doors that are loaded now, and from now on those that load. To be followed by
   * {@link #loadAll}.
   *
   * @param failures is told of each class whose doors could not be advised, with the reason
   */
  public static DoorTransformer install(Instrumentation instrumentation, Failures failures) {
    DoorTransformer transformer = new DoorTransformer(instrumentation, failures);
    // Before the list is made, so that no door loads between. It stays, for those who transform
    // these classes again: JFR does, other agents may.
    instrumentation.addTransformer(transformer, true);
    Set<String> names = new HashSet<>();
    for (String name : DOORS.keySet()) {
      names.add(name.replace('/', '.'));
    }
    List<Class<?>> loaded = new ArrayList<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      if (isOfJdk(type.getClassLoader()) && names.contains(type.getName())) {
        loaded.add(type);
      }
    }
    transformer.retransform(loaded);
    return transformer;
  }

  /**
   * Loads the doors that are not loaded yet: a class that loads when memory or stack has run out is
   * not transformed, and a door that is missed makes the ledger lie. Where that has happened
   * already, the door is advised now.
   *
   * @return whether there was such a door, so that the ledger may have missed something
   */
  public boolean loadAll() {
    List<Class<?>> missed = new ArrayList<>();
    for (String name : DOORS.keySet()) {
      try {
        Class<?> type = Class.forName(name.replace('/', '.'), false, PLATFORM);
        if (!advised.contains(name)) {
          missed.add(type);
        }
      } catch (ClassNotFoundException e) {
        // Not in this release, or not in this runtime image.
        continue;
      }
    }
    retransform(missed);
    return !missed.isEmpty();
  }

  private void retransform(List<Class<?>> types) {
    if (types.isEmpty()) {
      return;
    }
    try {
      instrumentation.retransformClasses(types.toArray(new Class<?>[0]));
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
      byte[] written = DoorWriter.write(bytes, doors, "io/descry/ledger/Ledger");
      advised.add(name);
      return written;
    } catch (Throwable t) {
      // What leaves here is dropped by the JVM unseen.
      failures.failed(name.replace('/', '.'), t);
      return null;
    }
  }

  /** The rows for the system that runs this. */
  static List<Door> ofThisSystem() {
    boolean windows = System.getProperty("os.name", "").startsWith("Windows");
    return windows ? WindowsDoors.table() : Doors.table();
  }

  private static Map<String, List<Door>> byType() {
    Map<String, List<Door>> byType = new HashMap<>();
    for (Door door : ofThisSystem()) {
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
