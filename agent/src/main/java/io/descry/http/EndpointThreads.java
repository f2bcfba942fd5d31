package io.descry.http;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that answer requests: two, made when needed and let go when idle. A connection beyond
 * what is queued is refused; the JDK's HTTP server closes it then.
 *
 * <p>A client that sends half a request holds a thread, as the JDK's server reads with blocking
 * reads and bounds their time only by a system property, which is the application's. So whoever has
 * held a thread for too long when the next request comes is interrupted: SocketChannel closes on
 * interrupt, and the read ends.
 */
final class EndpointThreads extends ThreadPoolExecutor {
  private static final int THREADS = 2;
  private static final int QUEUED = 16;
  private static final long IDLE_SECONDS = 60;

  private final long patienceNanos;
  private final Map<Thread, Long> busySince = new HashMap<>();

  EndpointThreads(ThreadFactory factory, long patienceNanos) {
    super(THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, queue(), factory);
    this.patienceNanos = patienceNanos;
    allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable task) {
    long now = System.nanoTime();
    synchronized (busySince) {
      busySince.forEach(
          (thread, since) -> {
            if (now - since > patienceNanos) {
              thread.interrupt();
            }
          });
    }
    super.execute(task);
  }

  @Override
  protected void beforeExecute(Thread thread, Runnable task) {
    synchronized (busySince) {
      busySince.put(thread, System.nanoTime());
    }
  }

  @Override
  protected void afterExecute(Runnable task, Throwable thrown) {
    synchronized (busySince) {
      busySince.remove(Thread.currentThread());
      // What was meant for this task must not hit the next.
      Thread.interrupted();
    }
  }

  private static BlockingQueue<Runnable> queue() {
    return new ArrayBlockingQueue<>(QUEUED);
  }
}
