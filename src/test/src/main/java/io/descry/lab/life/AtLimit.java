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
  private AtLimit() {}

  /** The program; the archives of its class path are open by the time it counts. */
  public static void main(String[] args) throws Exception {
    File file = File.createTempFile("lab", ".limit");
    new ServerSocket(0).close();
    Dialogue.ask("ready");
    List<FileInputStream> held = new ArrayList<>();
    String refused = fill(held, file);
    Dialogue.say("file " + refused.replace(file.toString(), "FILE"));
    try (ServerSocket socket = new ServerSocket(0)) {
      Dialogue.say("socket " + socket);
    } catch (IOException e) {
      Dialogue.say("socket " + e);
    }
    held.remove(held.size() - 1).close();
    held.add(new FileInputStream(file));
    Dialogue.say("again " + fill(held, file).replace(file.toString(), "FILE"));
    file.delete();
    Dialogue.ask("held " + held.size());
  }

  private static String fill(List<FileInputStream> held, File file) {
    while (true) {
      try {
        held.add(new FileInputStream(file));
      } catch (IOException e) {
        return e.toString();
      }
    }
  }
}
