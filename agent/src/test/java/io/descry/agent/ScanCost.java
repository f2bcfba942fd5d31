package io.descry.agent;

import com.sun.management.ThreadMXBean;
import io.descry.detect.Detector;
import io.descry.detect.Observation;
import io.descry.detect.Thresholds;
import io.descry.ledger.Ledger;
import io.descry.ledger.OpenKind;
import io.descry.os.DescriptorSnapshot;
import io.descry.os.ProcessDescriptors;
import io.descry.os.ThreadWaits;
import io.descry.os.tracer.Tracer;
import io.descry.owner.KnownOwners;
import io.descry.owner.OwnerModules;
import io.descry.reconcile.Baseline;
import io.descry.reconcile.HandleBook;
import io.descry.reconcile.Lookout;
import io.descry.reconcile.NativeBooks;
import io.descry.reconcile.Reconciler;
import io.descry.reconcile.Reconciliation;
import io.descry.reconcile.library.Libraries;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Prints what the parts of a scan cost of CPU time and of memory, the median of many scans in a row
 * in a JVM that holds so many descriptors: of ten four files, four connected sockets, two pipes or
 * event polls. {@code src/bench/scan-cost.sh} runs it.
 *
 * <p>Arguments: how many descriptors; how many scans; {@code native} or {@code jna}.
 */
final class ScanCost {
  private static final String[] PARTS = {"ended", "snapshot", "reconcile", "waits", "rules"};
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final List<Object> HELD = new ArrayList<>();

  private ScanCost() {}

  /** Measures; see the class. */
  public static void main(String[] arguments) throws IOException {
    int many = Integer.parseInt(arguments[0]);
    int scans = Integer.parseInt(arguments[1]);
    Ledger.configure(Ledger.Stacks.ALL, new ThreadGroup("none"));
    ProcessDescriptors descriptors = ProcessDescriptors.ofThisProcess();
    Tracer tracer =
        arguments[2].equals("native") ? Tracer.ofThisProcess(Tracer.Stacks.BUDGET) : Tracer.OFF;
    hold(many, descriptors);
    NativeBooks natives =
        new NativeBooks(
            tracer,
            new Libraries()::of,
            HandleBook.of(new KnownOwners(OwnerModules.of(List.of()))));
    Reconciler reconciler = new Reconciler(new Baseline(Map.of()), "/jdk", 1, natives);
    Lookout lookout = new Lookout(descriptors, natives);
    Detector detector = new Detector(1, descriptors::libraries, Thresholds.DEFAULT);
    long[][] cpu = new long[PARTS.length + 1][scans];
    long[][] bytes = new long[PARTS.length + 1][scans];
    for (int scan = 0; scan < scans; scan++) {
      Meter meter = new Meter(cpu, bytes, scan);
      reconciler.begin();
      meter.next();
      long begun = System.nanoTime();
      DescriptorSnapshot snapshot = descriptors.snapshot(reconciler::uses);
      meter.next();
      Reconciliation facts =
          reconciler.reconcile(snapshot, begun, descriptors.limits(), CollectorBeans.read());
      meter.next();
      ThreadWaits waits = descriptors.waits();
      meter.next();
      detector.examine(new Observation(facts, waits, lookout.look(facts, waits), List.of()));
      meter.next();
      meter.all();
    }
    System.out.printf("%,d descriptors, %d scans, %s%n", descriptors.count(), scans, arguments[2]);
    for (int part = 0; part <= PARTS.length; part++) {
      System.out.printf(
          "%-10s first %8.2f  tenth %8.2f  median of the last half %8.2f ms CPU  %,10d bytes%n",
          part == PARTS.length ? "all" : PARTS[part],
          cpu[part][0] / 1e6,
          cpu[part][Math.min(9, scans - 1)] / 1e6,
          median(cpu[part]) / 1e6,
          median(bytes[part]));
    }
  }

  /** CPU time and allocation of this thread, part by part. */
  private static final class Meter {
    private final long[][] cpu;
    private final long[][] bytes;
    private final int scan;
    private int part;
    private long cpuBefore = THREADS.getCurrentThreadCpuTime();
    private long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();

    Meter(long[][] cpu, long[][] bytes, int scan) {
      this.cpu = cpu;
      this.bytes = bytes;
      this.scan = scan;
    }

    void next() {
      long cpuNow = THREADS.getCurrentThreadCpuTime();
      long bytesNow = THREADS.getCurrentThreadAllocatedBytes();
      cpu[part][scan] = cpuNow - cpuBefore;
      bytes[part++][scan] = bytesNow - bytesBefore;
      cpuBefore = cpuNow;
      bytesBefore = bytesNow;
    }

    void all() {
      for (int i = 0; i < PARTS.length; i++) {
        cpu[PARTS.length][scan] += cpu[i][scan];
        bytes[PARTS.length][scan] += bytes[i][scan];
      }
    }
  }

  private static long median(long[] all) {
    long[] last = Arrays.copyOfRange(all, all.length / 2, all.length);
    Arrays.sort(last);
    return last[last.length / 2];
  }

  /** What advised code would tell the ledger is told here, by what the system says is open. */
  private static void hold(int many, ProcessDescriptors descriptors) throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      for (int ten = 0; ten < many / 10; ten++) {
        for (int file = 0; file < 4; file++) {
          HELD.add(new FileInputStream("/dev/null"));
        }
        for (int connection = 0; connection < 2; connection++) {
          HELD.add(SocketChannel.open(server.getLocalAddress()));
          HELD.add(server.accept());
        }
        HELD.add(ten % 2 == 0 ? Pipe.open() : Selector.open());
      }
    }
    descriptors
        .snapshot()
        .descriptors()
        .forEach(
            one -> {
              OpenKind kind =
                  switch (one.kind()) {
                    case SOCKET_TCP -> OpenKind.SOCKET_TCP;
                    case PIPE -> OpenKind.PIPE;
                    case EVENTPOLL -> OpenKind.EVENTPOLL;
                    case EVENTFD -> OpenKind.EVENTFD;
                    default -> OpenKind.PATH;
                  };
              FileDescriptor owner = new FileDescriptor();
              HELD.add(owner);
              if (one.number() > 10) {
                Ledger.opened(one.number(), owner, kind.ordinal());
              }
            });
  }
}
