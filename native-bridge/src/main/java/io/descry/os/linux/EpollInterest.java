package io.descry.os.linux;

import java.util.ArrayList;
import java.util.List;

/** Reads what an eventpoll watches from its fdinfo: one line {@code tfd: NUMBER ...} each. */
final class EpollInterest {
  private EpollInterest() {}

  /** The numbers in the order of the text, which is the kernel's. */
  static List<Integer> of(String fdinfo) {
    List<Integer> watched = new ArrayList<>();
    fdinfo
        .lines()
        .filter(line -> line.startsWith("tfd:"))
        .forEach(line -> watched.add(number(line)));
    return List.copyOf(watched);
  }

  private static int number(String line) {
    String rest = line.substring("tfd:".length()).stripLeading();
    int end = rest.indexOf(' ');
    return Integer.parseInt(end < 0 ? rest : rest.substring(0, end));
  }
}
