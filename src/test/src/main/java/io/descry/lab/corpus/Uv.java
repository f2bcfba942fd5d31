package io.descry.lab.corpus;

import com.sun.jna.Callback;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/**
 * What the corpus calls of libuv, by the lab's JNA; the library is Debian's {@code libuv1}. Values
 * are those of uv.h and Linux, where they are part of the ABI. Loaded with the first call: the
 * corpus must be listed without libuv too. All memory of handles and requests is the stage's, as
 * libuv may look at it for as long as the loop is there.
 */
final class Uv {
  static final int CONNECT = 2;
  static final int UDP_SEND = 5;
  static final int FS = 6;
  static final int TCP = 12;
  static final int TIMER = 13;
  static final int UDP = 15;
  static final int RUN_ONCE = 1;
  static final int RUN_NOWAIT = 2;
  static final int AF_INET = 2;
  static final int O_WRONLY = 1;
  static final int O_CREAT = 0100;
  static final int ENOMEM = -12;
  static final int EMFILE = -24;
  static final int ENOSPC = -28;
  static final int ECONNRESET = -104;
  static final int EOF = -4095;

  private static final int BUFFER = 16;

  static {
    Native.register(Uv.class, "libuv.so.1");
  }

  private Uv() {}

  /** uv_connect_cb. */
  interface Connected extends Callback {
    void call(Pointer request, int status);
  }

  /** uv_alloc_cb. */
  interface Allocated extends Callback {
    void call(Pointer handle, long suggested, Pointer buffer);
  }

  /** uv_read_cb. */
  interface Read extends Callback {
    void call(Pointer stream, long count, Pointer buffer);
  }

  /** uv_timer_cb. */
  interface Fired extends Callback {
    void call(Pointer timer);
  }

  /** uv_malloc_func. */
  interface Malloc extends Callback {
    Pointer call(long bytes);
  }

  /** A loop, and nothing in it. */
  static Pointer loop(Stage stage) {
    Pointer loop = stage.keep(new Memory(uv_loop_size()));
    check(uv_loop_init(loop));
    return loop;
  }

  static Pointer handle(Stage stage, int type) {
    return stage.keep(new Memory(uv_handle_size(type)));
  }

  static Pointer request(Stage stage, int type) {
    return stage.keep(new Memory(uv_req_size(type)));
  }

  /** So many buffers, uv_buf_t each, of one byte. */
  static Pointer buffers(Stage stage, int count) {
    Memory data = stage.keep(new Memory(1));
    Memory buffers = stage.keep(new Memory((long) count * BUFFER));
    for (int i = 0; i < count; i++) {
      buffers.setPointer((long) i * BUFFER, data);
      buffers.setLong((long) i * BUFFER + Long.BYTES, 1);
    }
    return buffers;
  }

  /** An address of the loopback interface, struct sockaddr_in. */
  static Pointer address(Stage stage, int port) {
    Pointer address = stage.keep(new Memory(16));
    check(uv_ip4_addr("127.0.0.1", port, address));
    return address;
  }

  /**
   * A file, opened at once.
   *
   * @return its number, or what libuv says why there is none
   */
  static int open(Stage stage, Pointer loop, String path, int flags) {
    Pointer request = request(stage, FS);
    int number = uv_fs_open(loop, request, path, flags, 0600, null);
    uv_fs_req_cleanup(request);
    return number;
  }

  /** Closes a file at once. */
  static void close(Stage stage, Pointer loop, int number) {
    Pointer request = request(stage, FS);
    check(uv_fs_close(loop, request, number, null));
    uv_fs_req_cleanup(request);
  }

  /** Writes so many buffers to a file at once; what libuv says to it. */
  static int write(Stage stage, Pointer loop, int number, int buffers) {
    Pointer request = request(stage, FS);
    int written = uv_fs_write(loop, request, number, buffers(stage, buffers), buffers, -1L, null);
    uv_fs_req_cleanup(request);
    return written;
  }

  /** Closes a handle, which the loop's next iteration does. */
  static void close(Pointer loop, Pointer handle) {
    uv_close(handle, null);
    uv_run(loop, RUN_NOWAIT);
  }

  static void expect(int wanted, int result) {
    if (result != wanted) {
      throw new IllegalStateException("libuv answers " + result + ", not " + wanted);
    }
  }

  static int check(int result) {
    if (result < 0) {
      throw new IllegalStateException("libuv answers " + result);
    }
    return result;
  }

  static native int uv_replace_allocator(
      Malloc malloc, Pointer realloc, Pointer calloc, Pointer free);

  static native long uv_loop_size();

  static native long uv_handle_size(int type);

  static native long uv_req_size(int type);

  static native int uv_loop_init(Pointer loop);

  static native int uv_loop_close(Pointer loop);

  static native int uv_run(Pointer loop, int mode);

  static native int uv_timer_init(Pointer loop, Pointer handle);

  static native int uv_timer_start(Pointer handle, Fired callback, long timeout, long repeat);

  static native int uv_tcp_init(Pointer loop, Pointer handle);

  static native int uv_tcp_init_ex(Pointer loop, Pointer handle, int flags);

  static native int uv_ip4_addr(String address, int port, Pointer result);

  static native int uv_tcp_connect(
      Pointer request, Pointer handle, Pointer address, Connected callback);

  static native int uv_read_start(Pointer stream, Allocated allocated, Read read);

  static native int uv_read_stop(Pointer stream);

  static native int uv_try_write(Pointer stream, Pointer buffers, int count);

  static native int uv_udp_init(Pointer loop, Pointer handle);

  static native int uv_udp_send(
      Pointer request,
      Pointer handle,
      Pointer buffers,
      int count,
      Pointer address,
      Pointer callback);

  static native void uv_close(Pointer handle, Pointer callback);

  static native int uv_pipe(int[] numbers, int readFlags, int writeFlags);

  static native int uv_socketpair(
      int type, int protocol, int[] numbers, int firstFlags, int secondFlags);

  static native int uv_fs_open(
      Pointer loop, Pointer request, String path, int flags, int mode, Pointer callback);

  static native int uv_fs_mkstemp(Pointer loop, Pointer request, String template, Pointer callback);

  static native int uv_fs_opendir(Pointer loop, Pointer request, String path, Pointer callback);

  static native int uv_fs_write(
      Pointer loop,
      Pointer request,
      int file,
      Pointer buffers,
      int count,
      long offset,
      Pointer callback);

  static native int uv_fs_close(Pointer loop, Pointer request, int file, Pointer callback);

  static native void uv_fs_req_cleanup(Pointer request);
}
