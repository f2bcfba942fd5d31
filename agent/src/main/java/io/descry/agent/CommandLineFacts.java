package io.descry.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** What the command line asks of the agent's own knowledge, without starting it. */
public final class CommandLineFacts {
  private CommandLineFacts() {}

  /** Which Descry this is, such as {@code 0.1.0}. */
  public static String version() {
    return Version.TEXT;
  }

  /**
   * What is wrong with an argument of the agent.
   *
   * @return one line for each option that cannot be used; empty when all can
   */
  public static List<String> problems(String argument) {
    List<String> problems = new ArrayList<>();
    Options.read(argument, new Properties(), Map.of(), problems);
    return List.copyOf(problems);
  }
}
