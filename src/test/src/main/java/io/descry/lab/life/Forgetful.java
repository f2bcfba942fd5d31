package io.descry.lab.life;

import io.descry.lab.Dialogue;
import java.nio.channels.SocketChannel;

/** Drops channels, and leaves so little behind that no garbage collection is due. */
public final class Forgetful {
  /** How many channels are dropped. */
  public static final int DROPPED = 5;

  private Forgetful() {}

  /** The program. */
  public static void main(String[] args) throws Exception {
    for (int i = 0; i < DROPPED; i++) {
      drop();
    }
    Dialogue.ask("ready");
  }

  private static void drop() throws Exception {
    SocketChannel.open();
  }
}
