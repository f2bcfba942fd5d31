package io.descry.os.linux;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.descry.os.JnaLoading;
import java.nio.charset.StandardCharsets;

/** Functions of shared objects that others have loaded, called by name. */
public final class LoadedFunction {
  private static final int RTLD_LAZY = 1;
  private static final int RTLD_NOLOAD = 4;

  /** A name and a path: PATH_MAX is 4,096. */
  private static final int MEMORY = 8192;

  private static final int LONGEST_TEXT = 256;

  private LoadedFunction() {}

  /**
   * Calls {@code const char *function(void)}, which must return text that stays, such as a
   * library's own version. The object is held loaded during the call, and never loaded by it
   * (dlopen(3), RTLD_NOLOAD).
   *
   * @param path of the object, as the system's loader knows it
   * @return {@code null} when the object is not loaded or has no such function, or there is no JNA;
   *     at most 256 bytes
   */
  public static synchronized String text(String path, String function) {
    if (!JnaLoading.once().loaded() || path.length() * 3 + function.length() * 3 + 2 > MEMORY) {
      return null;
    }
    try (NativeMemory memory = new NativeMemory(MEMORY)) {
      int functionAt = path.length() * 3 + 1;
      memory.putText(0, path);
      memory.putText(functionAt, function);
      long handle = Loader.dlopen(memory.address(0), RTLD_LAZY | RTLD_NOLOAD);
      if (handle == 0) {
        return null;
      }
      try {
        long address = Loader.dlsym(handle, memory.address(functionAt));
        return address == 0 ? null : call(address);
      } finally {
        Loader.dlclose(handle);
      }
    } catch (LinkageError e) {
      return null; // A C library without these functions: then it has no version to tell.
    }
  }

  private static String call(long address) {
    Pointer text =
        (Pointer) Function.getFunction(new Pointer(address)).invoke(Pointer.class, new Object[0]);
    if (text == null) {
      return null;
    }
    byte[] bytes = new byte[LONGEST_TEXT];
    int length = 0;
    while (length < LONGEST_TEXT && (bytes[length] = text.getByte(length)) != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  /** Apart from {@link Libc}: before glibc 2.34 these are in libdl, which the JVM has loaded. */
  private static final class Loader {
    static {
      Native.register(Loader.class, NativeLibrary.getProcess());
    }

    static native long dlopen(long path, int flags);

    static native long dlsym(long handle, long name);

    static native int dlclose(long handle);
  }
}
