package io.descry.lab.life;

/** The smallest program. */
public final class Hello {
  private Hello() {}

  /** Greets, on both streams when asked to. */
  public static void main(String[] args) {
    System.out.println("hello");
  }
}
