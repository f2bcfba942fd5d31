package io.descry.lab.clean;

/** Processes started, read to their end and waited for. */
final class Processes implements Habit {
  @Override
  public void step(int i) throws Exception {
    Process process = new ProcessBuilder("echo", "hello").start();
    process.getOutputStream().close();
    process.getInputStream().readAllBytes();
    process.getErrorStream().readAllBytes();
    process.waitFor();
    process.getInputStream().close();
    process.getErrorStream().close();
  }
}
