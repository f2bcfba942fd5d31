package io.descry.lab.leaks;

import io.descry.lab.Dialogue;
import java.io.FileInputStream;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Does what it is told: forgets channels, holds files, and closes them again. */
public final class Filling {
  private static final List<FileInputStream> HELD = new ArrayList<>();

  private Filling() {}

  /**
   * The program: {@code forget N}, {@code hold N}, {@code close}; each answered by {@code done}.
   */
  public static void main(String[] args) throws Exception {
    Dialogue.say("ready");
    for (String line = Dialogue.hear(); line != null; line = Dialogue.hear()) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "forget" -> forget(Integer.parseInt(words[1]));
        case "hold" -> hold(Integer.parseInt(words[1]));
        default -> close();
      }
      Dialogue.say("done");
    }
  }

  private static void forget(int times) throws Exception {
    for (int i = 0; i < times; i++) {
      SocketChannel.open();
    }
    System.gc();
  }

  private static void hold(int files) throws Exception {
    for (int i = 0; i < files; i++) {
      HELD.add(new FileInputStream("/dev/null"));
    }
  }

  private static void close() throws Exception {
    for (FileInputStream held : HELD) {
      held.close();
    }
    HELD.clear();
  }
}
