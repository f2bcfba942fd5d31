package io.descry.detect;

import java.time.Instant;

/**
 * A rise that noise, a pool that fills and a burst do not explain.
 *
 * @param fromTick the scan, by the detector's own count, after which the descriptors that make the
 *     rise were opened
 * @param stride scans between two points of the window
 * @param steps how many strides the window is long
 * @param from time of the window's first point
 * @param to time of the window's last point
 * @param before survivors at the first point
 * @param after survivors at the last point
 * @param lost survivors that went away within the window
 * @param perSecond robust slope (Theil-Sen), above 0
 * @param chance upper bound of the probability that ups and downs of equal likelihood look like
 *     this
 */
record Trend(
    long fromTick,
    int stride,
    int steps,
    Instant from,
    Instant to,
    int before,
    int after,
    int lost,
    double perSecond,
    double chance) {
  /** Scans that the window is long. */
  long length() {
    return (long) stride * steps;
  }
}
