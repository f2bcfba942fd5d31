package io.descry.metrics;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Set;

/**
 * Links Descry's two classes that call Micrometer with the application's copy of it. The
 * application's loader is its parent, so that these find there what they name; it finds nothing of
 * Descry through it. The loader lives as long as the application's, or shorter.
 */
final class AdapterLoader extends ClassLoader {
  private static final String ENTRY = "io.descry.metrics.MicrometerRegistries";
  private static final Set<String> LINKED = Set.of(ENTRY, "io.descry.metrics.MicrometerMeters");

  private static final Map<String, Class<?>> SHARED =
      Map.of(
          Meters.class.getName(), Meters.class,
          MeterRegistries.class.getName(), MeterRegistries.class,
          Reading.class.getName(), Reading.class);

  /**
   * Kept in the class itself, so that what is made for a copy of Micrometer goes with it, and is
   * made once.
   */
  private static final ClassValue<MeterRegistries> COPIES =
      new ClassValue<>() {
        @Override
        protected MeterRegistries computeValue(Class<?> registry) {
          try {
            return (MeterRegistries)
                Class.forName(ENTRY, true, new AdapterLoader(registry.getClassLoader()))
                    .getConstructor()
                    .newInstance();
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot be linked with " + registry, e);
          }
        }
      };

  private AdapterLoader(ClassLoader application) {
    super("descry-micrometer", application);
  }

  /**
   * The copy of Micrometer that a class is of.
   *
   * @param registry {@code io.micrometer.core.instrument.MeterRegistry}
   * @throws LinkageError when that copy lacks what Descry needs
   */
  static MeterRegistries of(Class<?> registry) {
    return COPIES.get(registry);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    Class<?> shared = SHARED.get(name);
    if (shared != null) {
      return shared;
    }
    if (!LINKED.contains(name)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> type = findLoadedClass(name);
      return type == null ? define(name) : type;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    String resource = name.substring(name.lastIndexOf('.') + 1) + ".class";
    try (InputStream in = AdapterLoader.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
