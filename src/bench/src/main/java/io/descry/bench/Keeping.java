package io.descry.bench;

import java.util.Scanner;

/** Holds as many files as each line of its standard input says, until that ends. */
final class Keeping {
  private Keeping() {}

  /** Holds them; see the class. */
  public static void main(String[] arguments) throws Exception {
    try (Held held = new Held();
        Scanner lines = new Scanner(System.in)) {
      while (lines.hasNextInt()) {
        held.files(lines.nextInt());
        System.out.println("holding");
      }
    }
  }
}
