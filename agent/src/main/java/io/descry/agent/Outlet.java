package io.descry.agent;

import java.time.Duration;

/** Somewhere that what Descry knows goes while the application runs. */
interface Outlet {
  /**
   * Takes over what a scan found; called after each by the thread that scans, which it must not
   * hold up. What it throws is logged, and the next scan is told to it all the same.
   *
   * @param took how long the scan took
   */
  void scanned(Duration took);
}
