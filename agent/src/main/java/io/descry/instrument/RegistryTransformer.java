package io.descry.instrument;

import io.descry.ledger.Registries;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.lang.ref.WeakReference;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Has each copy of Micrometer that the application brings tell {@link Registries} of the registries
 * that it makes, and notes the class loaders that have {@code Metrics}, whose registry is global.
 * Until such a class turns up it costs a look at the name of each class.
 */
public final class RegistryTransformer implements ClassFileTransformer {
  private static final String REGISTRY = "io/micrometer/core/instrument/MeterRegistry";
  private static final String METRICS = "io/micrometer/core/instrument/Metrics";
  private static final String REGISTRIES = "io/descry/ledger/Registries";

  private static final List<Door> DOORS =
      List.of(
          new Door(
              REGISTRY,
              "<init>",
              "(",
              Door.When.AFTER,
              "made",
              "(Ljava/lang/Object;)V",
              List.of(new Operand.This())));

  private static final ClassLoader OWN = RegistryTransformer.class.getClassLoader();

  private final Queue<WeakReference<ClassLoader>> global = new ConcurrentLinkedQueue<>();

  RegistryTransformer() {}

  /** Advises what will be loaded. On the start path. */
  public static RegistryTransformer install(Instrumentation instrumentation) {
    RegistryTransformer transformer = new RegistryTransformer();
    instrumentation.addTransformer(transformer, true);
    return transformer;
  }

  /** Advises what was loaded before. Takes milliseconds: for a thread of Descry's own. */
  public void adviseLoaded(Instrumentation instrumentation) {
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      String name = type.getName().replace('.', '/');
      ClassLoader loader = type.getClassLoader();
      if (loader == OWN || loader == null) {
        continue;
      }
      if (name.equals(METRICS)) {
        global.add(new WeakReference<>(loader));
      } else if (name.equals(REGISTRY)) {
        retransform(instrumentation, type);
      }
    }
  }

  private static void retransform(Instrumentation instrumentation, Class<?> type) {
    try {
      instrumentation.retransformClasses(type);
    } catch (UnmodifiableClassException | RuntimeException | LinkageError e) {
      // Another agent's doing, perhaps: the global registry of that copy is found all the same.
      return;
    }
  }

  /** The loaders that have, or are about to have, {@code Metrics}, less those of earlier calls. */
  public List<WeakReference<ClassLoader>> takeLoaders() {
    List<WeakReference<ClassLoader>> taken = new ArrayList<>();
    for (var loader = global.poll(); loader != null; loader = global.poll()) {
      taken.add(loader);
    }
    return taken;
  }

  @Override
  public byte[] transform(
      Module module,
      ClassLoader loader,
      String name,
      Class<?> redefined,
      ProtectionDomain domain,
      byte[] bytes) {
    if (name == null || loader == null || loader == OWN) {
      return null;
    }
    if (name.equals(METRICS) && redefined == null) {
      global.add(new WeakReference<>(loader));
    }
    return name.equals(REGISTRY) && seesRegistries(loader)
        ? DoorWriter.write(bytes, DOORS, REGISTRIES)
        : null;
  }

  /**
   * OSGi's loaders hide what they were not told of; their global registry is found all the same.
   */
  private static boolean seesRegistries(ClassLoader loader) {
    try {
      return Class.forName("io.descry.ledger.Registries", false, loader) == Registries.class;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }
}
