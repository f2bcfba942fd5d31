package io.descry.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * JVMs of all arms that are alive at the same time and take turns, part by part: while one measures
 * a part the others wait. What the machine itself does for seconds or minutes, such as running
 * slower, so meets all arms alike, where of JVMs that run one after the other it meets some.
 */
final class Turn {
  /** The line with which a program tells that it has done a part. */
  private static final String DONE = ".";

  private Turn() {}

  /** Ends a part in the program that is measured, and waits until the next may begin. */
  static void end() throws IOException {
    System.out.println(DONE);
    System.out.flush();
    if (System.in.read() < 0) {
      throw new IOException("nobody asks for the next part");
    }
  }

  /**
   * Runs the JVMs of all arms part by part, each part begun by the next arm.
   *
   * @param results where the figures go
   * @param arms of each JVM
   * @param commands of these; all have the same number of parts, and print figures as {@link
   *     Jvm#run} says
   */
  static void all(Results results, List<Arm> arms, List<List<String>> commands)
      throws IOException, InterruptedException {
    List<Player> players = new ArrayList<>();
    try {
      boolean more = true;
      for (int i = 0; i < arms.size(); i++) {
        players.add(new Player(arms.get(i), commands.get(i)));
        more = players.get(i).part(results);
      }
      while (more) {
        Collections.rotate(players, -1);
        for (Player player : players) {
          more = player.next(results);
        }
      }
    } finally {
      players.forEach(Player::end);
    }
  }

  /** One of the JVMs. */
  private static final class Player {
    private final Arm arm;
    private final List<String> command;
    private final Process process;
    private final BufferedReader out;

    Player(Arm arm, List<String> command) throws IOException {
      this.arm = arm;
      this.command = command;
      process = Jvm.start(command);
      out = Jvm.output(process);
    }

    boolean next(Results results) throws IOException, InterruptedException {
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
      return part(results);
    }

    /** Waits for the end of a part; whether there is another. */
    boolean part(Results results) throws IOException, InterruptedException {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.equals(DONE)) {
          return true;
        }
        Jvm.figure(line, (name, value) -> results.add(arm, name, value));
      }
      int status = process.waitFor();
      if (status != 0) {
        throw Jvm.failed(command, "status " + status);
      }
      return false;
    }

    void end() {
      process.destroy();
    }
  }
}
