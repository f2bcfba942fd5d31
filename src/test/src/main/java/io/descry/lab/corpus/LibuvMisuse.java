package io.descry.lab.corpus;

import com.sun.jna.Pointer;
import java.util.Map;

/** libuv by JNA, used against its documentation (docs.libuv.org) in one way each. */
enum LibuvMisuse implements Program {
  /** "Returns UV_EBUSY when there are still open handles or requests": ignored. */
  LOOP_CLOSE_REFUSED(Map.of("eventpoll", 1, "eventfd", 1, "pipe", 2)) {
    @Override
    void misuse(Stage stage) {
      Pointer loop = Uv.loop(stage);
      Pointer timer = Uv.handle(stage, Uv.TIMER);
      Uv.check(Uv.uv_timer_init(loop, timer));
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
      Uv.check(Uv.uv_tcp_init_ex(shared(stage), Uv.handle(stage, Uv.TCP), Uv.AF_INET));
    }
  },
  /** uv_fs_req_cleanup frees the request, and does not close the file. */
  FILE_NOT_CLOSED(Map.of("file", 1)) {
    @Override
    void misuse(Stage stage) {
      Pointer request = Uv.request(stage, Uv.FS);
      String path = stage.directory().resolve("file").toString();
      Uv.check(Uv.uv_fs_open(shared(stage), request, path, Uv.O_CREAT, 0600, null));
      Uv.uv_fs_req_cleanup(request);
    }
  },
  /** uv_pipe hands out two descriptors that belong to the caller. */
  PIPE_NOT_CLOSED(Map.of("pipe", 2)) {
    @Override
    void misuse(Stage stage) {
      Uv.check(Uv.uv_pipe(new int[2], 0, 0));
    }
  },
  /** So does uv_socketpair. */
  SOCKETPAIR_NOT_CLOSED(Map.of("socket.unix", 2)) {
    @Override
    void misuse(Stage stage) {
      Uv.check(Uv.uv_socketpair(SOCK_STREAM, 0, new int[2], 0, 0));
    }
  },
  /** "Equivalent to mkstemp(3)": the file is open, and cleaning up the request leaves it so. */
  TEMPORARY_NOT_CLOSED(Map.of("file", 1)) {
    @Override
    void misuse(Stage stage) {
      Pointer request = Uv.request(stage, Uv.FS);
      String template = stage.directory().resolve("libuv-XXXXXX").toString();
      Uv.check(Uv.uv_fs_mkstemp(shared(stage), request, template, null));
      Uv.uv_fs_req_cleanup(request);
    }
  },
  /** What uv_fs_opendir opens "must be freed by calling uv_fs_closedir". */
  DIRECTORY_NOT_CLOSED(Map.of("directory", 1)) {
    @Override
    void misuse(Stage stage) {
      Pointer request = Uv.request(stage, Uv.FS);
      Uv.check(Uv.uv_fs_opendir(shared(stage), request, stage.directory().toString(), null));
      Uv.uv_fs_req_cleanup(request);
    }
  },
  /** A refused connection's handle has to be closed like any other. */
  REFUSED_NOT_CLOSED(Map.of("socket.tcp", 1)) {
    @Override
    void misuse(Stage stage) {
      Pointer loop = shared(stage);
      Pointer tcp = Uv.handle(stage, Uv.TCP);
      Uv.check(Uv.uv_tcp_init(loop, tcp));
      Pointer address = Uv.address(stage, stage.peer(Peers.Manner.REFUSES).getPort());
      Pointer request = Uv.request(stage, Uv.CONNECT);
      Uv.check(Uv.uv_tcp_connect(request, tcp, address, null));
      Uv.uv_run(loop, Uv.RUN_NOWAIT);
    }
  },
  /** A loop for each task, and uv_loop_close for none. */
  LOOP_NOT_CLOSED(Map.of("eventpoll", 1, "eventfd", 1, "pipe", 2)) {
    @Override
    void misuse(Stage stage) {
      Uv.loop(stage);
    }
  };

  private static final int SOCK_STREAM = 1;

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
  public long pauseMillis() {
    // A loop is four descriptors.
    return kinds.containsKey("eventpoll") ? 4 * BUSY : BUSY;
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
      loop = Uv.loop(stage);
    }
    return loop;
  }
}
