package io.descry.detect;

import java.time.Duration;

/**
 * From where on the rules speak. The defaults are what the corpus and the simulation are measured
 * with; whoever raises one trades time to detection for silence.
 *
 * @param pool descriptors that one place in the code may come to hold evenly, one after the other,
 *     without being called growing; of a low soft limit at most a twentieth; at least 1
 * @param loops event loops with nothing to do that one place may come to hold so; twice the
 *     processors are always in order; at least 1
 * @param outliers descriptors that a place may keep of which it closes nearly all others soon; at
 *     least 1
 * @param unused connections that one place may come to hold without using them, and what an event
 *     loop's library may without any loop's watching it; at least 1
 * @param peerGone how long the other end must have been gone; of accepted connections, whose
 *     handlers may still be at work, twelve times as long
 * @param halfMade how long a socket may be neither connected nor listening
 */
public record Thresholds(
    int pool, int loops, int outliers, int unused, Duration peerGone, Duration halfMade) {
  /** A name is looked up after a socket is made: 30 s at most by default, resolv.conf(5). */
  public static final Thresholds DEFAULT =
      new Thresholds(100, 40, 24, 30, Duration.ofSeconds(5), Duration.ofSeconds(35));
}
