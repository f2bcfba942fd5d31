package io.descry.alert;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends this process in good order, once: waits a random time, so that a fleet does not end at once,
 * has the balancer send nothing more, waits for the last requests, and sends itself SIGTERM. Who
 * started the process starts it again.
 *
 * <p>A JVM that is younger than the period is not ended before it is that old: so there is at most
 * one restart in any period, whatever else started it, and no file has to outlive the process,
 * which in a container it would not. Safe for several threads.
 */
public final class Restart {
  /** By what it is called in options and reports. */
  public static final String NAME = "restart";

  private static final Logger LOG = LoggerFactory.getLogger(Restart.class);
  private static final Duration SHORTEST_HOOK = Duration.ofSeconds(10);

  /** Sends SIGTERM. */
  @FunctionalInterface
  public interface Ending {
    /**
     * Sends it.
     *
     * @throws IOException with the reason, when it cannot be sent
     */
    void terminate() throws IOException;
  }

  private final RestartSettings settings;
  private final List<Drained> pages;
  private final DrainHook hook;
  private final Supplier<Duration> age;
  private final Ending ending;
  private final BiConsumer<String, String> taken;
  private final ThreadFactory threads;
  private boolean begun;
  private boolean wanted;
  private boolean putOff;

  /**
   * Ends nothing yet.
   *
   * @param pages that a balancer may read; empty: there is none
   * @param pid of this process
   * @param age of this JVM
   * @param taken is told what is done, before it is: {@value #NAME}, or {@code null} when it is not
   *     done, and a sentence about it, for reports
   */
  public Restart(
      RestartSettings settings,
      List<Drained> pages,
      long pid,
      Supplier<Duration> age,
      Ending ending,
      BiConsumer<String, String> taken,
      ThreadFactory threads) {
    this.settings = settings;
    this.pages = List.copyOf(pages);
    this.hook = settings.hook().isEmpty() ? null : new DrainHook(settings.hook(), pid);
    this.age = age;
    this.ending = ending;
    this.taken = taken;
    this.threads = threads;
  }

  /**
   * Begins, in a thread of its own, as soon as the JVM is old enough; nothing when it has begun.
   *
   * @param why what an operator is told of the reason
   */
  public synchronized void run(String why) {
    wanted = true;
    if (!begun) {
      begun = true;
      threads.newThread(() -> restart(why)).start();
    }
  }

  /** The reason is gone: a restart that does not drain yet is called off. */
  public synchronized void cancel() {
    wanted = false;
    notifyAll();
  }

  private void restart(String why) {
    try {
      if (!awaitTurn(why)) {
        LOG.warn("the restart is called off, as its reason is gone");
        return;
      }
      note(NAME, "a restart begins: " + why);
      drain(why);
      LOG.warn("restart: sending SIGTERM to this process");
      ending.terminate();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException | LinkageError e) {
      note(null, "the restart failed, and is not tried again: " + e);
    }
  }

  /** Waits until the JVM is old enough, and its random time; false: it was called off meanwhile. */
  private synchronized boolean awaitTurn(String why) throws InterruptedException {
    Duration old = age.get();
    long young = Math.max(0, settings.period().minus(old).toNanos());
    long jitter = ThreadLocalRandom.current().nextLong(settings.jitter().toNanos() + 1);
    long end = System.nanoTime() + young + jitter;
    String text =
        "a restart is due in "
            + words(Duration.ofNanos(young + jitter))
            + (young == 0
                ? ""
                : ", for this JVM started "
                    + words(old)
                    + " ago and restart.period is "
                    + words(settings.period()))
            + ": "
            + why;
    LOG.warn("{}", text);
    if (young > 0 && !putOff) {
      putOff = true;
      taken.accept(null, text);
    }
    for (long left = end - System.nanoTime(); wanted && left > 0; left = end - System.nanoTime()) {
      // At least 1 ms: timedWait of less would be none.
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
    }
    begun = wanted;
    return wanted;
  }

  /**
   * With neither page nor hook nobody knows that this process drains: there is no use in waiting.
   */
  private void drain(String why) throws InterruptedException {
    for (Drained page : pages) {
      LOG.warn("restart: {} says 503 from now on", page.url());
      page.drain();
    }
    if (hook != null) {
      try {
        hook.run(why, longer(settings.drain(), SHORTEST_HOOK));
      } catch (IOException | RuntimeException e) {
        // At the limit a process can start no other: what is left is to go on.
        note(null, "restart.hook failed, the restart goes on: " + e.getMessage());
      }
    }
    if (!pages.isEmpty() || hook != null) {
      TimeUnit.MILLISECONDS.sleep(settings.drain().toMillis());
    }
  }

  private void note(String action, String text) {
    LOG.warn("{}", text);
    taken.accept(action, text);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  private static String words(Duration duration) {
    return duration.toSeconds() < 120 ? duration.toSeconds() + " s" : duration.toMinutes() + " min";
  }
}
