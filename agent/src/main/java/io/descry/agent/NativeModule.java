package io.descry.agent;

import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jdk.internal.access.SharedSecrets;

/**
 * A named module, in a layer of its own, for JNA and for the classes that bind native methods with
 * it. JDK 24 and later warn when code without native access loads a library; granting it to a named
 * module silences that, granting it to a loader's unnamed module does not (tried on 25).
 *
 * <p>Must be defined before the first class of its packages is loaded.
 */
final class NativeModule {
  private static final String NAME = "io.descry.nativebridge";

  private static final Set<String> PACKAGES =
      Set.of(
          "io.descry.os",
          "io.descry.os.linux",
          "io.descry.os.logging",
          "io.descry.os.symbols",
          "io.descry.os.tracer",
          "io.descry.os.windows",
          "com.sun.jna",
          "com.sun.jna.internal",
          "com.sun.jna.ptr",
          "com.sun.jna.win32",
          "org.tukaani.xz",
          "org.tukaani.xz.check",
          "org.tukaani.xz.common",
          "org.tukaani.xz.delta",
          "org.tukaani.xz.index",
          "org.tukaani.xz.lz",
          "org.tukaani.xz.lzma",
          "org.tukaani.xz.rangecoder",
          "org.tukaani.xz.simple");

  /** What JNA reads; {@code java.desktop} only for its AWT support, which Descry does not use. */
  private static final List<String> READS = List.of("java.logging", "java.desktop");

  private NativeModule() {}

  static void define(ClassLoader loader) {
    ModuleLayer boot = ModuleLayer.boot();
    ModuleFinder finder = new OneModule(reference(boot));
    Configuration configuration =
        boot.configuration().resolve(finder, ModuleFinder.of(), Set.of(NAME));
    ModuleLayer layer =
        ModuleLayer.defineModules(configuration, List.of(boot), name -> loader).layer();
    SharedSecrets.getJavaLangAccess().addEnableNativeAccess(layer.findModule(NAME).orElseThrow());
  }

  private static ModuleReference reference(ModuleLayer boot) {
    ModuleDescriptor.Builder descriptor =
        ModuleDescriptor.newOpenModule(NAME).packages(PACKAGES).requires("java.base");
    PACKAGES.forEach(descriptor::exports);
    READS.stream().filter(name -> boot.findModule(name).isPresent()).forEach(descriptor::requires);
    return new ModuleReference(descriptor.build(), URI.create("descry:/" + NAME)) {
      @Override
      public ModuleReader open() throws IOException {
        throw new IOException("resources are read through the class loader");
      }
    };
  }

  private record OneModule(ModuleReference reference) implements ModuleFinder {
    @Override
    public Optional<ModuleReference> find(String name) {
      return name.equals(NAME) ? Optional.of(reference) : Optional.empty();
    }

    @Override
    public Set<ModuleReference> findAll() {
      return Set.of(reference);
    }
  }
}
