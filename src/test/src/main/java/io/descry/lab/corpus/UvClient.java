package io.descry.lab.corpus;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.descry.lab.corpus.Peers.Manner;

/**
 * Connections on one loop of libuv. For one thread.
 *
 * <p>A connection that is made is watched no more until it is read from, and uv_read_stop ends
 * that: uv__io_stop of src/unix/core.c strikes it from the loop's own list. From the eventpoll it
 * goes when it next has an event (uv__io_poll of src/unix/linux-core.c, EPOLL_CTL_DEL).
 */
final class UvClient {
  private final Stage stage;
  private final Pointer loop;
  private final Pointer room;
  private int status;
  private boolean late;

  // libuv has only their addresses: the collector must not take them.
  private final Uv.Connected connected = (request, result) -> status = result;
  private final Uv.Read read = (stream, count, buffer) -> status = (int) count;
  private final Uv.Fired fired = timer -> late = true;
  private final Uv.Allocated allocated;

  UvClient(Stage stage, Pointer loop) {
    this.stage = stage;
    this.loop = loop;
    room = stage.keep(new Memory(1));
    allocated =
        (handle, suggested, buffer) -> {
          buffer.setPointer(0, room);
          buffer.setLong(Long.BYTES, 1);
        };
    stage.keep(this);
  }

  /** A connection to such a peer. */
  Pointer connect(Manner manner) {
    Pointer tcp = attempt(manner);
    Uv.check(status);
    return tcp;
  }

  /** A connection to such a peer that has come to its end, by which libuv says this. */
  Pointer ended(Manner manner, int end) {
    Pointer tcp = attempt(manner);
    if (status == 0) {
      read(tcp);
      while (status >= 0) {
        Uv.uv_run(loop, Uv.RUN_ONCE);
      }
    }
    Uv.expect(end, status);
    return tcp;
  }

  /** Connected, or not, as {@link #status} says. */
  private Pointer attempt(Manner manner) {
    Pointer tcp = Uv.handle(stage, Uv.TCP);
    Uv.check(Uv.uv_tcp_init(loop, tcp));
    Pointer address = Uv.address(stage, stage.peer(manner).getPort());
    status = 1;
    Uv.check(Uv.uv_tcp_connect(Uv.request(stage, Uv.CONNECT), tcp, address, connected));
    while (status == 1) {
      Uv.uv_run(loop, Uv.RUN_ONCE);
    }
    return tcp;
  }

  /** Sends a byte. */
  void send(Pointer tcp) {
    Uv.check(Uv.uv_try_write(tcp, Uv.buffers(stage, 1), 1));
  }

  /** Reads what there is, from now on. */
  void read(Pointer tcp) {
    Uv.check(Uv.uv_read_start(tcp, allocated, read));
  }

  /** Reads no more. */
  void pause(Pointer tcp) {
    Uv.check(Uv.uv_read_stop(tcp));
  }

  /** Does what there is to do, and does not wait. */
  void run() {
    Uv.uv_run(loop, Uv.RUN_NOWAIT);
  }

  /** Waits for so long, and does what there is to do meanwhile. */
  void run(long millis) {
    Pointer timer = Uv.handle(stage, Uv.TIMER);
    Uv.check(Uv.uv_timer_init(loop, timer));
    Uv.check(Uv.uv_timer_start(timer, fired, millis, 0));
    late = false;
    while (!late) {
      Uv.uv_run(loop, Uv.RUN_ONCE);
    }
  }

  /** Closes these and the loop, as libuv wants it. */
  void end(Iterable<Pointer> connections) {
    for (Pointer tcp : connections) {
      Uv.close(loop, tcp);
    }
    Uv.check(Uv.uv_loop_close(loop));
  }
}
