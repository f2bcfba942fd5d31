package io.descry.lab.corpus;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.Map;

/**
 * libuv by JNA, used against its documentation (docs.libuv.org) in one way each. The library is
 * Debian's {@code libuv1}; enumeration values are those of uv.h of libuv 1, where they are part of
 * the ABI.
 */
enum LibuvMisuse implements Program {
  /** "Returns UV_EBUSY when there are still open handles or requests": ignored. */
  LOOP_CLOSE_REFUSED(Map.of("eventpoll", 1, "eventfd", 1, "pipe", 2)) {
    @Override
    void misuse(Stage stage) {
      Pointer loop = newLoop(stage);
      Pointer timer = handle(stage, UV_TIMER);
      check(Uv.uv_timer_init(loop, timer));
      Uv.uv_close(timer, null);
      // The handle is closed by the loop's next iteration, which there is not.
      if (Uv.uv_loop_close(loop) == 0) {
        throw new IllegalStateException("the loop could be closed");
      }
    }
  },
  /** "Must be called on each handle before memory is released": uv_close is not. */
  HANDLE_NOT_CLOSED(Map.of("socket.tcp", 1)) {
    @Override
    void misuse(Stage stage) {
      check(Uv.uv_tcp_init_ex(shared(stage), handle(stage, UV_TCP), AF_INET));
    }
  },
  /** uv_fs_req_cleanup frees the request, and does not close the file. */
  FILE_NOT_CLOSED(Map.of("file", 1)) {
    @Override
    void misuse(Stage stage) {
      Pointer request = stage.keep(new Memory(Uv.uv_req_size(UV_FS)));
      String path = stage.directory().resolve("file").toString();
      check(Uv.uv_fs_open(shared(stage), request, path, O_CREAT, 0600, null));
      Uv.uv_fs_req_cleanup(request);
    }
  },
  /** uv_pipe hands out two descriptors that belong to the caller. */
  PIPE_NOT_CLOSED(Map.of("pipe", 2)) {
    @Override
    void misuse(Stage stage) {
      check(Uv.uv_pipe(new int[2], 0, 0));
    }
  },
  /** A refused connection's handle has to be closed like any other. */
  REFUSED_NOT_CLOSED(Map.of("socket.tcp", 1)) {
    @Override
    void misuse(Stage stage) {
      Pointer loop = shared(stage);
      Pointer tcp = handle(stage, UV_TCP);
      check(Uv.uv_tcp_init(loop, tcp));
      Pointer address = new Memory(16);
      int port = stage.peer(Peers.Manner.REFUSES).getPort();
      check(Uv.uv_ip4_addr("127.0.0.1", port, address));
      Pointer request = stage.keep(new Memory(Uv.uv_req_size(UV_CONNECT)));
      check(Uv.uv_tcp_connect(request, tcp, address, null));
      Uv.uv_run(loop, UV_RUN_NOWAIT);
    }
  },
  /** A loop for each task, and uv_loop_close for none. */
  LOOP_NOT_CLOSED(Map.of("eventpoll", 1, "eventfd", 1, "pipe", 2)) {
    @Override
    void misuse(Stage stage) {
      newLoop(stage);
    }
  };

  private static final int UV_CONNECT = 2;
  private static final int UV_FS = 6;
  private static final int UV_TCP = 12;
  private static final int UV_TIMER = 13;
  private static final int UV_RUN_NOWAIT = 2;
  private static final int AF_INET = 2;
  private static final int O_CREAT = 0100;

  private final Map<String, Integer> kinds;
  private Pointer loop;

  LibuvMisuse(Map<String, Integer> kinds) {
    this.kinds = kinds;
  }

  abstract void misuse(Stage stage);

  @Override
  public Truth truth() {
    return Truth.of(Cause.library("libuv", kinds));
  }

  @Override
  public void prepare(Stage stage) {
    misuse(stage);
  }

  @Override
  public void step(Stage stage, int i) {
    misuse(stage);
    stage.leaked();
  }

  /** A loop that is in order. */
  Pointer shared(Stage stage) {
    if (loop == null) {
      loop = newLoop(stage);
    }
    return loop;
  }

  private static Pointer newLoop(Stage stage) {
    Pointer loop = stage.keep(new Memory(Uv.uv_loop_size()));
    check(Uv.uv_loop_init(loop));
    return loop;
  }

  private static Pointer handle(Stage stage, int type) {
    return stage.keep(new Memory(Uv.uv_handle_size(type)));
  }

  private static void check(int result) {
    if (result < 0) {
      throw new IllegalStateException("libuv answers " + result);
    }
  }

  /** Loaded when the first is called: the corpus must be listed without libuv too. */
  private static final class Uv {
    static {
      Native.register(Uv.class, "libuv.so.1");
    }

    static native long uv_loop_size();

    static native long uv_handle_size(int type);

    static native long uv_req_size(int type);

    static native int uv_loop_init(Pointer loop);

    static native int uv_loop_close(Pointer loop);

    static native int uv_run(Pointer loop, int mode);

    static native int uv_timer_init(Pointer loop, Pointer handle);

    static native int uv_tcp_init(Pointer loop, Pointer handle);

    static native int uv_tcp_init_ex(Pointer loop, Pointer handle, int flags);

    static native int uv_ip4_addr(String address, int port, Pointer result);

    static native int uv_tcp_connect(
        Pointer request, Pointer handle, Pointer address, Pointer callback);

    static native void uv_close(Pointer handle, Pointer callback);

    static native int uv_pipe(int[] numbers, int readFlags, int writeFlags);

    static native int uv_fs_open(
        Pointer loop, Pointer request, String path, int flags, int mode, Pointer callback);

    static native void uv_fs_req_cleanup(Pointer request);
  }
}
