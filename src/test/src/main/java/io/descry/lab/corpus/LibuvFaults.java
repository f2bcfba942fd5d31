package io.descry.lab.corpus;

import com.sun.jna.Pointer;
import io.descry.lab.corpus.Peers.Manner;
import java.util.Map;

/**
 * libuv by JNA, whose calls fail now and then. What the API asks for then is in docs.libuv.org: to
 * close a file with uv_fs_close and a handle with uv_close, as when the call had succeeded.
 */
abstract class LibuvFaults extends Faulty {
  private Pointer loop;

  private LibuvFaults(boolean forgets, String kind) {
    super(forgets ? Cause.library("libuv", Map.of(kind, 1)) : null);
  }

  /** The loop of all that it does. */
  final Pointer loop(Stage stage) {
    if (loop == null) {
      loop = Uv.loop(stage);
    }
    return loop;
  }

  final int open(Stage stage, String path) {
    return Uv.open(stage, loop(stage), path, Uv.O_WRONLY | Uv.O_CREAT);
  }

  final void closeUnlessForgotten(Stage stage, int file) {
    if (!forgets()) {
      Uv.close(stage, loop(stage), file);
    }
  }

  @Override
  public void finish() {
    if (!forgets()) {
      Uv.check(Uv.uv_loop_close(loop));
    }
  }

  /** A file that is not closed when the disk is full. */
  static final class FullDisk extends LibuvFaults {
    FullDisk(boolean forgets) {
      super(forgets, "device");
    }

    @Override
    void well(Stage stage) {
      int file = Uv.check(open(stage, FaultLeaks.ROOMY.toString()));
      Uv.expect(1, Uv.write(stage, loop(stage), file, 1));
      Uv.close(stage, loop(stage), file);
    }

    @Override
    boolean fails(Stage stage) {
      int file = Uv.check(open(stage, FaultLeaks.FULL.toString()));
      Uv.expect(Uv.ENOSPC, Uv.write(stage, loop(stage), file, 1));
      closeUnlessForgotten(stage, file);
      return true;
    }
  }

  /** The source of a copy, when there is no number left for the target. */
  static final class NoNumber extends LibuvFaults {
    NoNumber(boolean forgets) {
      super(forgets, "file");
    }

    @Override
    void well(Stage stage) {
      int source = Uv.check(open(stage, path(stage, "source")));
      Uv.close(stage, loop(stage), Uv.check(open(stage, path(stage, "target"))));
      Uv.close(stage, loop(stage), source);
    }

    @Override
    boolean fails(Stage stage) {
      int source = Uv.check(open(stage, path(stage, "source")));
      int target = NoNumbers.during(() -> open(stage, path(stage, "target")));
      if (target >= 0) {
        Uv.close(stage, loop(stage), target);
        Uv.close(stage, loop(stage), source);
        return false;
      }
      Uv.expect(Uv.EMFILE, target);
      closeUnlessForgotten(stage, source);
      return true;
    }

    private static String path(Stage stage, String name) {
      return stage.directory().resolve(name).toString();
    }
  }

  /** A connection that its peer resets, and which is not closed then. */
  static final class Reset extends LibuvFaults {
    private UvClient client;

    Reset(boolean forgets) {
      super(forgets, "socket.tcp");
    }

    @Override
    void well(Stage stage) {
      Uv.close(loop(stage), ended(stage, Manner.CLOSES, Uv.EOF));
    }

    @Override
    boolean fails(Stage stage) {
      Pointer tcp = ended(stage, Manner.RESETS, Uv.ECONNRESET);
      if (!forgets()) {
        Uv.close(loop(stage), tcp);
      }
      return true;
    }

    private Pointer ended(Stage stage, Manner manner, int end) {
      if (client == null) {
        client = new UvClient(stage, loop(stage));
      }
      return client.ended(manner, end);
    }
  }

  /** A file that is not closed when there is no memory for the write. */
  static final class NoMemoryToWrite extends LibuvFaults {
    NoMemoryToWrite(boolean forgets) {
      super(forgets, "file");
    }

    @Override
    public void prepare(Stage stage) throws Exception {
      FailingMemory.install();
      super.prepare(stage);
    }

    @Override
    void well(Stage stage) {
      int file = Uv.check(open(stage, stage.directory().resolve("written").toString()));
      Uv.expect(FailingMemory.BUFFERS, Uv.write(stage, loop(stage), file, FailingMemory.BUFFERS));
      Uv.close(stage, loop(stage), file);
    }

    @Override
    boolean fails(Stage stage) {
      int file = Uv.check(open(stage, stage.directory().resolve("written").toString()));
      Pointer loop = loop(stage);
      Uv.expect(
          Uv.ENOMEM,
          FailingMemory.during(() -> Uv.write(stage, loop, file, FailingMemory.BUFFERS)));
      closeUnlessForgotten(stage, file);
      return true;
    }
  }

  /**
   * uv_udp_send opens and binds the socket before it allocates: it is there when the call fails,
   * and who thinks that a handle without success needs no uv_close leaks it.
   */
  static final class NoMemoryToSend extends LibuvFaults {
    NoMemoryToSend(boolean forgets) {
      super(forgets, "socket.udp");
    }

    @Override
    public void prepare(Stage stage) throws Exception {
      FailingMemory.install();
      super.prepare(stage);
    }

    @Override
    void well(Stage stage) {
      Pointer udp = udp(stage);
      Uv.check(send(stage, udp));
      Uv.uv_run(loop(stage), Uv.RUN_NOWAIT);
      Uv.close(loop(stage), udp);
    }

    @Override
    boolean fails(Stage stage) {
      Pointer udp = udp(stage);
      Uv.expect(Uv.ENOMEM, FailingMemory.during(() -> send(stage, udp)));
      if (!forgets()) {
        Uv.close(loop(stage), udp);
      }
      return true;
    }

    private Pointer udp(Stage stage) {
      Pointer udp = Uv.handle(stage, Uv.UDP);
      Uv.check(Uv.uv_udp_init(loop(stage), udp));
      return udp;
    }

    /** To a port where nobody listens. */
    private static int send(Stage stage, Pointer udp) {
      int count = FailingMemory.BUFFERS;
      Pointer address = Uv.address(stage, stage.peer(Manner.REFUSES).getPort());
      Pointer request = Uv.request(stage, Uv.UDP_SEND);
      return Uv.uv_udp_send(request, udp, Uv.buffers(stage, count), count, address, null);
    }
  }
}
