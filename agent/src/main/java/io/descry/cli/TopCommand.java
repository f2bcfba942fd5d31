package io.descry.cli;

import io.descry.report.LiveView;
import io.descry.report.ReportData;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A live view of a JVM in which Descry runs. */
@Command(
    name = "top",
    description = {
      "Shows live what a JVM in which Descry runs has open, what Descry found, and where most was"
          + " opened.",
      "The number of open descriptors is the kernel's, at each look; findings are those of Descry's"
          + " last scan, which this makes neither earlier nor more often. Quit with q or Ctrl-C."
    },
    exitCodeList = {
      "0:you quit, the process ended, or all looks were taken",
      "2:the process cannot be asked, or Descry does not run in it"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  descry top 4711",
      "  descry top 4711 --json --count=10 | jq .open",
      "  descry top 4711 | tee -a watch.log"
    })
final class TopCommand extends HelpOption implements Callable<Integer> {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Of a scan that takes long, or of the first one. */
  private static final int FIRST_SECONDS = 60;

  private record Look(Instant at, int open) {}

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "PID", description = "process id")
  private long pid;

  @Option(
      names = {"-i", "--interval"},
      paramLabel = "SECONDS",
      defaultValue = "2",
      description = "time between looks, 0.2 at least; ${DEFAULT-VALUE} by default")
  private double interval;

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "end after so many looks")
  private long count = Long.MAX_VALUE;

  @Option(names = "--json", description = "one line of JSON for each look, for programs")
  private boolean json;

  @Option(names = "--plain", description = "lines, as when standard output is no terminal")
  private boolean plain;

  private final Deque<Look> looks = new ArrayDeque<>();
  private final Set<String> told = new HashSet<>();
  private ReportData report;
  private ReportData before;
  private volatile boolean ending;

  /** Made by picocli. */
  TopCommand() {}

  @Override
  public Integer call() throws UnusableException {
    JvmProcess process = JvmProcess.of(pid);
    PrintWriter out = spec.commandLine().getOut();
    try (Asking asking = new Asking(Attachment.to(process))) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(asking)));
      asking.look();
      asking.follow();
      awaitFirst(asking, process);
      if (json || plain || !Terminal.isThere()) {
        lines(asking, process, out);
      } else {
        page(asking, process, out);
      }
    } catch (UnusableException e) {
      if (ending) {
        return DescryCommand.DONE;
      }
      throw e;
    }
    if (!process.exists()) {
      spec.commandLine().getErr().println("descry: process " + pid + " has ended");
    }
    return DescryCommand.DONE;
  }

  private void end(Asking asking) {
    ending = true;
    asking.close();
  }

  private void lines(Asking asking, JvmProcess process, PrintWriter out) throws UnusableException {
    for (long left = count; left > 0 && process.exists(); left--) {
      LiveView view = look(asking, process);
      if (json) {
        out.println(view.json());
      } else {
        view.lines(told).forEach(out::println);
      }
      out.flush();
      if (out.checkError()) {
        // Who read this has gone.
        return;
      }
      if (left > 1) {
        sleep(millis());
      }
    }
  }

  private void page(Asking asking, JvmProcess process, PrintWriter out) throws UnusableException {
    try (Terminal terminal = Terminal.take(out)) {
      for (long left = count; left > 0 && process.exists(); left--) {
        int[] size = terminal.size();
        terminal.show(look(asking, process).screen(size[1], size[0]));
        if (left > 1 && terminal.isQuitWithin(millis())) {
          return;
        }
      }
    }
  }

  private long millis() {
    return (long) (Math.max(0.2, Math.min(interval, 3600)) * 1000);
  }

  private LiveView look(Asking asking, JvmProcess process) throws UnusableException {
    asking.look();
    ReportData now = asking.answer();
    if (now != null && (report == null || now.scans() != report.scans())) {
      before = report;
      report = now;
    }
    Look look = new Look(Instant.now(), process.open());
    looks.add(look);
    while (Duration.between(looks.peek().at(), look.at()).compareTo(MINUTE) > 0) {
      looks.remove();
    }
    int more = look.open() < 0 ? 0 : look.open() - looks.peek().open();
    return new LiveView(look.at(), look.open(), more, report, before);
  }

  private void awaitFirst(Asking asking, JvmProcess process) throws UnusableException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(FIRST_SECONDS);
    while (asking.answer() == null) {
      if (System.nanoTime() > end || !process.exists()) {
        throw new UnusableException(
            "process " + pid + " does not tell what Descry found; its standard error may say why");
      }
      sleep(100);
    }
  }

  private static void sleep(long millis) throws UnusableException {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnusableException("interrupted", e);
    }
  }
}
