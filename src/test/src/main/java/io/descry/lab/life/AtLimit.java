package io.descry.lab.life;

import io.descry.lab.Dialogue;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Opens until nothing more opens, and says what it then sees. */
public final class AtLimit {
  /** Reachable to the last scan, which may be after the main thread has ended. */
  private static final List<FileInputStream> HELD = new ArrayList<>();

  private AtLimit() {}

  /** The program; the archives of its class path are open by the time it counts. */
  public static void main(String[] args) throws Exception {
    File file = File.createTempFile("lab", ".limit");
    new ServerSocket(0).close();
    Dialogue.ask("ready");
    String refused = fill(file);
    Dialogue.say("file " + refused.replace(file.toString(), "FILE"));
    try (ServerSocket socket = new ServerSocket(0)) {
      Dialogue.say("socket " + socket);
    } catch (IOException e) {
      Dialogue.say("socket " + e);
    }
    HELD.remove(HELD.size() - 1).close();
    HELD.add(new FileInputStream(file));
    Dialogue.say("again " + fill(file).replace(file.toString(), "FILE"));
    file.delete();
    Dialogue.ask("held " + HELD.size());
  }

  private static String fill(File file) {
    while (true) {
      try {
        HELD.add(new FileInputStream(file));
      } catch (IOException e) {
        return e.toString();
      }
    }
  }
}
