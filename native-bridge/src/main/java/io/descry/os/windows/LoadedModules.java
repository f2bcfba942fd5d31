package io.descry.os.windows;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The DLLs and the program in this process that are neither the JDK's nor Windows' own: those that
 * may have opened a handle that no Java code knows of. For one thread at a time.
 */
final class LoadedModules {
  private static final int FIRST = 8 << 10;
  private static final int GREATEST = 1 << 20;
  private static final int PATH = 0x8000;

  private final NativeCalls calls;
  private final List<String> left;

  /**
   * What is below these directories, or is one of these files, is left out.
   *
   * @param left paths as Windows writes them
   */
  LoadedModules(NativeCalls calls, List<String> left) {
    this.calls = calls;
    this.left = left.stream().map(LoadedModules::comparable).toList();
  }

  /** Paths as Windows writes them, in the order of loading; empty when Windows refuses. */
  List<String> foreign() {
    try (NativeBlock modules = new NativeBlock(FIRST);
        NativeBlock needed = new NativeBlock(4);
        NativeBlock path = new NativeBlock(2 * PATH)) {
      List<String> found = new ArrayList<>();
      int count = list(modules, needed);
      for (int i = 0; i < count; i++) {
        int length = calls.modulePath(modules.i64(i * Long.BYTES), path.address(), PATH);
        if (length > 0 && length < PATH) {
          String text = path.text(0, length);
          if (!isLeftOut(comparable(text))) {
            found.add(text);
          }
        }
      }
      return found;
    }
  }

  private int list(NativeBlock modules, NativeBlock needed) {
    while (true) {
      needed.put32(0, 0);
      if (calls.modules(modules.address(), modules.size(), needed.address()) == 0) {
        return 0;
      }
      long bytes = needed.u32(0);
      if (bytes <= modules.size() || modules.size() >= GREATEST) {
        return (int) Math.min(bytes, modules.size()) / Long.BYTES;
      }
      modules.resize((int) Math.min(GREATEST, Math.max(2L * modules.size(), bytes)));
    }
  }

  private boolean isLeftOut(String path) {
    return left.stream().anyMatch(one -> path.equals(one) || path.startsWith(one + '\\'));
  }

  private static String comparable(String path) {
    String text = path.toLowerCase(Locale.ROOT).replace('/', '\\');
    return text.startsWith("\\\\?\\") ? text.substring(4) : text;
  }
}
