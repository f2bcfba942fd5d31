package io.descry.lab;

import com.sun.jna.Callback;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;

/**
 * libuv by the lab's own JNA; the library is Debian's {@code libuv1}. Enumeration values are those
 * of uv.h of libuv 1, where they are part of the ABI.
 */
public final class Libuv {
  private static final int UV_CONNECT = 2;
  private static final int UV_TCP = 12;
  private static final int UV_FS = 6;
  private static final int AF_INET = 2;
  private static final int SOCKADDR_IN = 16;
  private static final int UV_RUN_ONCE = 1;
  private static final int UV_RUN_NOWAIT = 2;

  static {
    Native.register(Libuv.class, "libuv.so.1");
  }

  private Libuv() {}

  private static native long uv_loop_size();

  private static native long uv_handle_size(int type);

  private static native long uv_req_size(int type);

  private static native int uv_loop_init(Pointer loop);

  private static native int uv_loop_close(Pointer loop);

  private static native int uv_run(Pointer loop, int mode);

  private static native int uv_tcp_init_ex(Pointer loop, Pointer handle, int flags);

  private static native int uv_tcp_init(Pointer loop, Pointer handle);

  private static native int uv_ip4_addr(String address, int port, Pointer result);

  private static native int uv_tcp_connect(
      Pointer request, Pointer handle, Pointer address, Connected connected);

  private static native int uv_read_start(Pointer stream, Came allocated, Came read);

  private static native void uv_close(Pointer handle, Pointer callback);

  private static native int uv_pipe(int[] numbers, int readFlags, int writeFlags);

  private static native int uv_fs_open(
      Pointer loop, Pointer request, String path, int flags, int mode, Pointer callback);

  private static native int uv_fs_close(Pointer loop, Pointer request, int file, Pointer callback);

  private static native void uv_fs_req_cleanup(Pointer request);

  /** uv_connect_cb. */
  private interface Connected extends Callback {
    void call(Pointer request, int status);
  }

  /** uv_alloc_cb and uv_read_cb, where nothing ever comes. */
  private interface Came extends Callback {
    void call(Pointer handle, long count, Pointer buffer);
  }

  private static int check(int result) {
    if (result < 0) {
      throw new IllegalStateException("libuv answers " + result);
    }
    return result;
  }

  /** Opens and closes files, one at a time. Not for use by several threads. */
  public static final class Reader {
    private final Memory loop = new Memory(uv_loop_size());
    private final Memory request = new Memory(uv_req_size(UV_FS));

    /** Begins with a loop of its own. */
    public Reader() {
      check(uv_loop_init(loop));
    }

    /** Opens a file to be read; its number is the caller's to close. */
    public int open(String path) {
      int number = check(uv_fs_open(loop, request, path, 0, 0, null));
      uv_fs_req_cleanup(request);
      return number;
    }

    /** Closes one of the files. */
    public void close(int number) {
      check(uv_fs_close(loop, request, number, null));
      uv_fs_req_cleanup(request);
    }
  }

  /** A loop with a TCP handle, a pipe and an open file. Not for use by several threads. */
  public static final class Loop implements AutoCloseable {
    private final Memory loop = new Memory(uv_loop_size());
    private final Memory tcp = new Memory(uv_handle_size(UV_TCP));
    private final Memory request = new Memory(uv_req_size(UV_FS));
    private final List<Integer> files = new ArrayList<>();

    /** Opens them all; the file is opened to be read. */
    public Loop(String path) {
      check(uv_loop_init(loop));
      check(uv_tcp_init_ex(loop, tcp, AF_INET));
      int[] pipe = new int[2];
      check(uv_pipe(pipe, 0, 0));
      files.add(pipe[0]);
      files.add(pipe[1]);
      files.add(check(uv_fs_open(loop, request, path, 0, 0, null)));
      uv_fs_req_cleanup(request);
    }

    @Override
    public void close() {
      for (int file : files) {
        check(uv_fs_close(loop, request, file, null));
        uv_fs_req_cleanup(request);
      }
      uv_close(tcp, null);
      uv_run(loop, UV_RUN_NOWAIT);
      check(uv_loop_close(loop));
    }
  }

  /** A loop with connections, to a peer on the loopback interface that never says a word. */
  public static final class Connections {
    private final Memory loop = new Memory(uv_loop_size());
    private final List<Memory> memory = new ArrayList<>();
    private final Memory address = new Memory(SOCKADDR_IN);
    private int status;

    // libuv has only their addresses: the collector must not take them.
    private final Connected connected = (request, result) -> status = result;
    private final Came never = (handle, count, buffer) -> {};

    /** None yet. */
    public Connections(int port) {
      check(uv_loop_init(loop));
      check(uv_ip4_addr("127.0.0.1", port, address));
    }

    /** One more, which the loop watches no more once it is connected. */
    public Pointer connect() {
      Memory tcp = memory(uv_handle_size(UV_TCP));
      check(uv_tcp_init(loop, tcp));
      status = 1;
      check(uv_tcp_connect(memory(uv_req_size(UV_CONNECT)), tcp, address, connected));
      while (status == 1) {
        uv_run(loop, UV_RUN_ONCE);
      }
      check(status);
      return tcp;
    }

    /** Has the loop watch it from now on. */
    public void read(Pointer tcp) {
      check(uv_read_start(tcp, never, never));
      uv_run(loop, UV_RUN_NOWAIT);
    }

    private Memory memory(long size) {
      Memory one = new Memory(size);
      memory.add(one);
      return one;
    }
  }
}
