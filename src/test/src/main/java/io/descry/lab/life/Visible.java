package io.descry.lab.life;

import io.descry.lab.Dialogue;

/**
 * Says which of the classes that it hears named its own loader can load; none of them is
 * initialised.
 */
public final class Visible {
  private Visible() {}

  /** The program: one name a line, then {@code end}. */
  public static void main(String[] args) {
    Dialogue.say("ready");
    for (String name = Dialogue.hear();
        name != null && !name.equals("end");
        name = Dialogue.hear()) {
      try {
        Class<?> type = Class.forName(name, false, Visible.class.getClassLoader());
        Dialogue.say("visible " + type.getName());
      } catch (ClassNotFoundException | LinkageError e) {
        // Not there: what is hoped for.
        continue;
      }
    }
    Dialogue.say("done");
  }
}
