package io.descry.lab.corpus;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.function.IntSupplier;

/**
 * The memory that libuv allocates, from the C library, and which can run out. By {@code
 * uv_replace_allocator}, which its documentation wants to be called before any other function of
 * libuv. For the one thread that has the loop.
 */
final class FailingMemory {
  /**
   * More than a request has room for, so that libuv allocates: uv__malloc in its unix/{fs,udp}.c
   */
  static final int BUFFERS = 5;

  private static boolean none;

  // libuv has only its address: the collector must not take it. What reallocates never fails, as
  // libuv aborts the process then.
  private static final Uv.Malloc MALLOC =
      bytes -> none ? Pointer.NULL : new Pointer(Native.malloc(bytes));

  static {
    NativeLibrary libc = NativeLibrary.getInstance("c");
    Uv.check(
        Uv.uv_replace_allocator(
            MALLOC,
            libc.getFunction("realloc"),
            libc.getFunction("calloc"),
            libc.getFunction("free")));
  }

  private FailingMemory() {}

  /** Replaces the allocator, once. */
  static void install() {
    none = false;
  }

  /** What a call answers while there is no memory. */
  static int during(IntSupplier call) {
    none = true;
    try {
      return call.getAsInt();
    } finally {
      none = false;
    }
  }
}
