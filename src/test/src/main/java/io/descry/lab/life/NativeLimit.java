package io.descry.lab.life;

import io.descry.lab.Dialogue;
import io.descry.lab.Libuv;

/** libuv opens until nothing more opens. */
public final class NativeLimit {
  private NativeLimit() {}

  /** The program, which holds what it opened until it ends. */
  public static void main(String[] args) throws Exception {
    Libuv.Reader reader = new Libuv.Reader();
    reader.close(reader.open("/proc/version"));
    Dialogue.ask("ready");
    int held = 0;
    try {
      while (true) {
        reader.open("/proc/version");
        held++;
      }
    } catch (IllegalStateException e) {
      Dialogue.say("refused " + e.getMessage());
    }
    Dialogue.ask("held " + held);
  }
}
