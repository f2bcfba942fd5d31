package io.descry.os;

import io.descry.os.linux.LinuxProcessDescriptors;
import io.descry.os.linux.ProcfsReader;
import io.descry.os.windows.WindowsProcessDescriptors;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Picks the adapter that sees most in this process. */
final class DescriptorSource {
  private DescriptorSource() {}

  static ProcessDescriptors ofThisProcess() {
    String system = System.getProperty("os.name");
    if (system.startsWith("Windows")) {
      return onWindows();
    }
    if (!system.equals("Linux")) {
      return new UnseenDescriptors("Descry knows no way to list the descriptors of " + system);
    }
    if (!Files.isDirectory(Path.of("/proc/self/fd"))) {
      return new UnseenDescriptors("/proc is not mounted, or this process may not read it");
    }
    JnaLoading jna = JnaLoading.once();
    if (!jna.loaded()) {
      return new ProcfsReader("JNA cannot be loaded: " + String.join("; ", jna.refusals()));
    }
    try {
      return new LinuxProcessDescriptors(jna);
    } catch (UncheckedIOException | UnsupportedOperationException | LinkageError e) {
      ProcfsReader reader = new ProcfsReader("system calls cannot be used: " + e.getMessage());
      jna.numbers().forEach(reader::own);
      return reader;
    }
  }

  private static ProcessDescriptors onWindows() {
    JnaLoading jna = JnaLoading.once();
    if (!jna.loaded()) {
      return new UnseenDescriptors("JNA cannot be loaded: " + String.join("; ", jna.refusals()));
    }
    try {
      return new WindowsProcessDescriptors(jna);
    } catch (UncheckedIOException | UnsupportedOperationException | LinkageError e) {
      return new UnseenDescriptors("Windows' calls cannot be used: " + e.getMessage());
    }
  }
}
