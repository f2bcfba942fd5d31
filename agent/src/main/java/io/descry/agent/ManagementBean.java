package io.descry.agent;

import io.descry.metrics.MetricsSource;
import io.descry.metrics.jmx.DescryBean;
import io.descry.metrics.jmx.Operations;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Descry's MXBean. It goes into the platform's MBean server once somebody else has made that: to
 * make it sets up java.util.logging, which is the application's to configure first.
 *
 * <p>What clients ask for runs in threads of Descry's own while they wait, for the descriptors that
 * it takes must not count as the application's.
 */
final class ManagementBean implements Outlet, Operations {
  static final String NAME = "io.descry:type=Descry";

  private static final Logger LOG = LoggerFactory.getLogger(ManagementBean.class);

  /** What may be added to the operator's path. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_%+.-]{1,100}");

  /** Between what clients ask for, as rules count scans: as between scans of Descry's own. */
  private static final long REST_MILLIS = 500;

  private static final long PATIENCE_SECONDS = 30;

  private final OwnThreads threads;
  private final String report;
  private final Runnable scan;
  private final BiFunction<String, String, List<Path>> reports;
  private final DescryBean bean;
  private final Semaphore one = new Semaphore(1);
  private final Semaphore registration = new Semaphore(1);
  private volatile boolean registered;

  /**
   * Not registered yet.
   *
   * @param report base path of the operator's reports; {@code null}: none are wanted
   * @param scan scans, in the thread that calls it
   * @param reports writes a report, by base path and reason, and answers its files
   */
  ManagementBean(
      MetricsSource source,
      OwnThreads threads,
      String report,
      Runnable scan,
      BiFunction<String, String, List<Path>> reports) {
    this.threads = threads;
    this.report = report;
    this.scan = scan;
    this.reports = reports;
    this.bean = new DescryBean(Version.TEXT, source, this);
  }

  @Override
  public void scanned(Duration took) {
    bean.scanned(took);
    if (!registered
        && !MBeanServerFactory.findMBeanServer(null).isEmpty()
        && registration.tryAcquire()) {
      // The server, and who listens to it, may be the application's.
      threads.make("descry-jmx", this::register).start();
    }
  }

  private void register() {
    try {
      ObjectName runtime = new ObjectName(ManagementFactory.RUNTIME_MXBEAN_NAME);
      for (MBeanServer server : MBeanServerFactory.findMBeanServer(null)) {
        if (!registered && server.isRegistered(runtime)) {
          registered = true;
          server.registerMBean(bean, new ObjectName(NAME));
        }
      }
    } catch (JMException | RuntimeException | LinkageError e) {
      StandardError.print("jmx: " + NAME + " cannot be registered: " + e);
      LOG.warn("{} cannot be registered", NAME, e);
    } finally {
      registration.release();
    }
  }

  @Override
  public void scan() {
    run(
        () -> {
          scan.run();
          return null;
        });
  }

  @Override
  public List<String> writeReport(String name) {
    if (report == null) {
      throw new IllegalStateException("the operator wants no reports: report=none");
    }
    if (name != null && !PLAIN.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "the name is added to the path of the operator's reports: up to 100 letters, digits and"
              + " any of _ % + . -");
    }
    String base = name == null ? report : report + "-" + name;
    List<String> files =
        run(() -> reports.apply(base, "demand").stream().map(Path::toString).toList());
    if (files.isEmpty()) {
      throw new IllegalStateException("it was not written; standard error says why");
    }
    return files;
  }

  private <T> T run(Callable<T> work) {
    try {
      if (!one.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("another client's operation still runs");
      }
      FutureTask<T> task = new FutureTask<>(work);
      threads.make("descry-jmx-operation", () -> runThenRest(task)).start();
      return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted; the operation may still run");
    } catch (TimeoutException e) {
      throw new IllegalStateException("not done in " + PATIENCE_SECONDS + " s; it still runs");
    } catch (ExecutionException e) {
      // Of Descry's exceptions a client knows nothing but the text.
      throw new IllegalStateException(String.valueOf(e.getCause()));
    }
  }

  private void runThenRest(FutureTask<?> task) {
    try {
      task.run();
      TimeUnit.MILLISECONDS.sleep(REST_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      one.release();
    }
  }
}
