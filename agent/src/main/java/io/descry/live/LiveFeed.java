package io.descry.live;

import io.descry.http.WebResponse;
import io.descry.reconcile.Reconciliation;
import io.descry.report.LivePage;
import io.descry.report.ReportData;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Tells those who watch what changes, as server-sent events: {@code scan} after each scan, with
 * what the page shows of it; {@code count} when there are more or fewer, which is looked at once a
 * second and after each scan.
 *
 * <p>While nobody watches it does nothing and holds nothing. While somebody does, what a scan says
 * is put into words once for all, by the thread of one who watches; whoever reads too slowly misses
 * scans, of which none is kept but the last.
 */
final class LiveFeed {
  /** Who may watch at a time. */
  static final int MOST = 8;

  private static final long TICK_MILLIS = 1000;
  private static final int QUIET_TICKS = 15;
  private static final byte[] HELLO = bytes("retry: 3000\n\n");
  private static final byte[] STILL_HERE = bytes(": still here\n\n");
  private static final byte[] SCAN = bytes("event: scan\ndata: ");
  private static final byte[] END = bytes("\n\n");

  /** What the page shows of a scan. */
  private record Update(long scan, byte[] text) {}

  private final LiveSource source;
  private final LivePage page;
  private int watching;
  private long scanned;
  private Update update;

  LiveFeed(LiveSource source, LivePage page) {
    this.source = source;
    this.page = page;
  }

  /** Takes a place among those who watch; false when there is none. */
  synchronized boolean enter() {
    if (watching == MOST) {
      return false;
    }
    watching++;
    return true;
  }

  /** Gives the place back. */
  synchronized void leave() {
    watching--;
    if (watching == 0) {
      update = null;
    }
  }

  /** How many watch. */
  synchronized int watching() {
    return watching;
  }

  /** There was a scan. */
  synchronized void scanned() {
    scanned++;
    notifyAll();
  }

  /** Writes events until the client leaves. */
  void write(WebResponse response, OutputStream out) throws IOException {
    out.write(HELLO);
    out.flush();
    long told = 0;
    int toldCount = -1;
    int quiet = 0;
    try {
      while (!response.isClientGone()) {
        long seen = seen();
        boolean silent = true;
        if (lastScan() != told) {
          Update now = update();
          out.write(SCAN);
          out.write(now.text());
          out.write(END);
          told = now.scan();
          silent = false;
        }
        int count = source.count();
        if (count >= 0 && count != toldCount) {
          out.write(bytes("event: count\ndata: " + count + "\n\n"));
          toldCount = count;
          silent = false;
        }
        quiet = silent ? quiet + 1 : 0;
        if (quiet >= QUIET_TICKS) {
          // What lies between forgets connections that say nothing.
          out.write(STILL_HERE);
          quiet = 0;
        }
        out.flush();
        await(seen);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long lastScan() {
    Reconciliation last = source.reconciliation();
    return last == null ? 0 : last.scan();
  }

  private synchronized long seen() {
    return scanned;
  }

  private synchronized void await(long seen) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
    long left = TICK_MILLIS;
    while (scanned == seen && left > 0) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }
  }

  private synchronized Update update() throws IOException {
    if (update == null || update.scan() != lastScan()) {
      ReportData last = source.last();
      update = new Update(last.reconciliation().scan(), page.update(last));
    }
    return update;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
