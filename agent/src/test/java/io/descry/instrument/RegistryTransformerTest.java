package io.descry.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.ledger.Registries;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;

class RegistryTransformerTest {
  private static final String MICROMETER = "io.micrometer.core.instrument.";

  private final RegistryTransformer transformer = new RegistryTransformer();

  /** Its own copy of Micrometer, advised. */
  private final ClassLoader application =
      new ClassLoader(getClass().getClassLoader()) {
        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
          Class<?> known = findLoadedClass(name);
          if (known != null || !name.startsWith(MICROMETER)) {
            return known != null ? known : super.loadClass(name, resolve);
          }
          String path = name.replace('.', '/');
          try (InputStream in = getResourceAsStream(path + ".class")) {
            byte[] bytes = in.readAllBytes();
            byte[] advised = transformer.transform(null, this, path, null, null, bytes);
            byte[] defined = advised == null ? bytes : advised;
            return defineClass(name, defined, 0, defined.length);
          } catch (java.io.IOException e) {
            throw new ClassNotFoundException(name, e);
          }
        }
      };

  @Test
  void registriesAreToldAsTheyAreMade() throws ReflectiveOperationException {
    Registries.take();
    Object registry =
        application
            .loadClass(MICROMETER + "simple.SimpleMeterRegistry")
            .getConstructor()
            .newInstance();
    assertThat(Registries.take()).extracting(made -> made.getKey().get()).containsExactly(registry);
    assertThat(Registries.missed).isFalse();
    assertThat(transformer.takeLoaders()).isEmpty();
  }

  @Test
  void theLoaderOfTheGlobalRegistryIsTold() throws ReflectiveOperationException {
    application.loadClass(MICROMETER + "Metrics");
    assertThat(transformer.takeLoaders())
        .extracting(WeakReference::get)
        .containsExactly(application);
  }

  @Test
  void itsOwnMicrometerIsNotAdvised() throws Exception {
    try (InputStream in =
        getClass().getResourceAsStream("/io/micrometer/core/instrument/MeterRegistry.class")) {
      assertThat(
              transformer.transform(
                  null,
                  RegistryTransformer.class.getClassLoader(),
                  "io/micrometer/core/instrument/MeterRegistry",
                  null,
                  null,
                  in.readAllBytes()))
          .isNull();
    }
  }
}
