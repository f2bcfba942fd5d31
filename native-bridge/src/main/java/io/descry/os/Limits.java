package io.descry.os;

/**
 * How many descriptors the process may hold.
 *
 * @param soft the limit in force, {@link #UNKNOWN} when the system did not say, {@link
 *     Long#MAX_VALUE} when there is none
 * @param hard what the process may raise the soft limit to; likewise
 */
public record Limits(long soft, long hard) {
  public static final long UNKNOWN = -1;
}
