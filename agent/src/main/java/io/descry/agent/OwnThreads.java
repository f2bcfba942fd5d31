package io.descry.agent;

/** Descry's threads: daemons in a group of their own, by which the ledger knows them. */
final class OwnThreads {
  private final ThreadGroup group = new ThreadGroup(root(), "descry");

  ThreadGroup group() {
    return group;
  }

  /** A thread that is not started yet. */
  Thread make(String name, Runnable task) {
    Thread thread = new Thread(group, task, name, 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(OwnThreads.class.getClassLoader());
    return thread;
  }

  /** Waits until a thread has ended, or for this long. */
  static void await(Thread thread, long millis) {
    try {
      thread.join(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ThreadGroup root() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }
}
