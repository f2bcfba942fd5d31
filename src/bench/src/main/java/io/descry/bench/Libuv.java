package io.descry.bench;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** Opens and closes files with libuv, by JNA; the library is Debian's {@code libuv1}. */
final class Libuv {
  // Of the enumeration uv_req_type in uv.h of libuv 1, where it is part of the ABI.
  private static final int UV_FS = 6;

  static {
    Native.register(Libuv.class, "libuv.so.1");
  }

  private final Memory loop = new Memory(uv_loop_size());
  private final Memory request = new Memory(uv_req_size(UV_FS));

  /** Begins with a loop of its own. */
  Libuv() {
    check(uv_loop_init(loop));
  }

  private static native long uv_loop_size();

  private static native long uv_req_size(int type);

  private static native int uv_loop_init(Pointer loop);

  private static native int uv_fs_open(
      Pointer loop, Pointer request, String path, int flags, int mode, Pointer callback);

  private static native int uv_fs_close(Pointer loop, Pointer request, int file, Pointer callback);

  private static native void uv_fs_req_cleanup(Pointer request);

  /** Opens a file to be read and closes it, both at once and not by way of the loop. */
  void openAndClose(String path) {
    int file = check(uv_fs_open(loop, request, path, 0, 0, null));
    uv_fs_req_cleanup(request);
    check(uv_fs_close(loop, request, file, null));
    uv_fs_req_cleanup(request);
  }

  private static int check(int result) {
    if (result < 0) {
      throw new IllegalStateException("libuv answers " + result);
    }
    return result;
  }
}
