package io.descry.instrument;

import io.descry.ledger.Handles;
import io.descry.owner.HandleType;
import io.descry.owner.OwnerModules;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Puts calls of {@link Handles} into the classes of libraries that owner modules know, as they
 * load. Until such a class turns up it costs a look at the name of each class; it loads none itself
 * and keeps none.
 */
public final class HandleTransformer implements ClassFileTransformer {
  private static final String HANDLES = "io/descry/ledger/Handles";

  /** Kept, because asking for it is a checked operation. */
  private static final ClassLoader PLATFORM = ClassLoader.getPlatformClassLoader();

  private static final ClassLoader OWN = HandleTransformer.class.getClassLoader();

  /** A handle type, with its number and the end of its name in the JVM's spelling. */
  private record Known(int number, HandleType type, String suffix) {}

  private final Set<String> names;
  private final Supplier<OwnerModules> modules;
  private final OwnerModules.Failures failures;

  /** By simple name: most classes are told from the known ones by it. */
  private volatile Map<String, List<Known>> known;

  HandleTransformer(OwnerModules modules, OwnerModules.Failures failures) {
    this.names = null;
    this.modules = null;
    this.failures = failures;
    this.known = byName(modules);
  }

  private HandleTransformer(
      Set<String> names, Supplier<OwnerModules> modules, OwnerModules.Failures failures) {
    this.names = names;
    this.modules = modules;
    this.failures = failures;
  }

  private static Map<String, List<Known>> byName(OwnerModules modules) {
    Map<String, List<Known>> known = new HashMap<>();
    List<OwnerModules.Entry> entries = modules.entries();
    for (int i = 0; i < entries.size(); i++) {
      HandleType type = entries.get(i).type();
      String suffix = type.suffix().replace('.', '/');
      String simple = simple(suffix);
      List<Known> same = known.get(simple);
      if (same == null) {
        same = new ArrayList<>();
        known.put(simple, same);
      }
      same.add(new Known(i, type, suffix));
    }
    return known;
  }

  /**
   * Advises what the modules know, from now on.
   *
   * @param names simple names of all classes that they know; {@code null}: ask the modules
   * @param modules is asked, in any thread, when such a class turns up, or at once without names
   * @param failures is told, in any thread, of classes that could not be advised
   */
  public static HandleTransformer install(
      Instrumentation instrumentation,
      Set<String> names,
      Supplier<OwnerModules> modules,
      OwnerModules.Failures failures) {
    HandleTransformer transformer =
        names == null
            ? new HandleTransformer(modules.get(), failures)
            : new HandleTransformer(names, modules, failures);
    instrumentation.addTransformer(transformer, true);
    return transformer;
  }

  /** Advises what was loaded before. Takes milliseconds: for a thread of Descry's own. */
  public void adviseLoaded(Instrumentation instrumentation) {
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      if (isNoLibrarys(type.getClassLoader())
          || matching(type.getName().replace('.', '/')).isEmpty()) {
        continue;
      }
      try {
        instrumentation.retransformClasses(type);
      } catch (UnmodifiableClassException | RuntimeException | LinkageError e) {
        failures.failed(type.getName(), e);
      }
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
    if (name == null || isNoLibrarys(loader)) {
      return null;
    }
    try {
      List<Known> types = matching(name);
      return types.isEmpty() ? null : advise(loader, name, bytes, types);
    } catch (Throwable t) {
      // What leaves here is dropped by the JVM unseen.
      failures.failed(name.replace('/', '.'), t);
      return null;
    }
  }

  private byte[] advise(ClassLoader loader, String name, byte[] bytes, List<Known> types)
      throws ClassNotFoundException {
    if (Class.forName("io.descry.ledger.Handles", false, loader) != Handles.class) {
      throw new ClassNotFoundException("the class loader shows another io.descry.ledger.Handles");
    }
    LibraryClass library = LibraryClass.read(bytes);
    List<Door> doors = new ArrayList<>();
    for (Known type : types) {
      doors.addAll(library.doors(type.type(), type.number()));
    }
    if (doors.isEmpty()) {
      throw new IllegalStateException(
          "has none of the methods by which its handles are known; another version, perhaps");
    }
    return DoorWriter.write(bytes, doors, HANDLES);
  }

  private List<Known> matching(String name) {
    String simple = simple(name);
    if (names != null && !names.contains(simple)) {
      return List.of();
    }
    if (known == null) {
      known = byName(modules.get());
    }
    List<Known> same = known.get(simple);
    if (same == null) {
      return List.of();
    }
    List<Known> matching = new ArrayList<>();
    for (Known type : same) {
      if (name.endsWith(type.suffix)) {
        matching.add(type);
      }
    }
    return matching;
  }

  private static String simple(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /** Of the JDK or of Descry, which loads the modules themselves through this. */
  private static boolean isNoLibrarys(ClassLoader loader) {
    return loader == null || loader == PLATFORM || loader == OWN;
  }
}
