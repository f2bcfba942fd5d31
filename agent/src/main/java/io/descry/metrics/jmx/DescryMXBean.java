package io.descry.metrics.jmx;

import java.util.List;
import java.util.Map;

/**
 * What JMX clients see as {@code io.descry:type=Descry}, in open types alone: they need no class of
 * Descry's. The attributes are the figures of the metrics, at the last scan unless said otherwise.
 */
public interface DescryMXBean {
  /** Descry's version. */
  String getVersion();

  /** Number of scans whose time was taken. */
  long getScans();

  /** How long the last one took, in seconds; NaN before the first. */
  double getLastScanSeconds();

  /** Open descriptors now, less Descry's own; -1 when the system does not say. */
  int getOpen();

  /** Open descriptors by owner. */
  Map<String, Integer> getOpenByOwner();

  /** Open descriptors by kind. */
  Map<String, Integer> getOpenByKind();

  /** The soft limit now; -1 when unknown, the greatest long when there is none. */
  long getLimit();

  /** Share of the limit that is in use now, 0 to 1; NaN when unknown. */
  double getUsage();

  /** Descriptors that native code opened. */
  int getUnaccounted();

  /** Trend of open descriptors, per second; 0 when nothing grows. */
  double getGrowthPerSecond();

  /** Seconds until the limit is reached at that trend; NaN when not growing. */
  double getSecondsToExhaustion();

  /** What Java has opened until now, by kind. */
  Map<String, Long> getOpens();

  /** Of these, what Java has closed. */
  Map<String, Long> getCloses();

  /** What Descry cannot see here: how many things. */
  int getBlind();

  /** Calls that failed, of Descry's own and of native code. */
  List<FailedCalls> getErrors();

  /** What the application expects, beside what is open. */
  List<ExpectedHandles> getExpected();

  /** What was found, as it holds now. */
  List<FoundLeak> getFindings();

  /**
   * Scans now.
   *
   * @return how many findings hold
   */
  int scan();

  /**
   * Scans and writes a report where the option {@code report} says.
   *
   * @return its files
   */
  List<String> writeReport();

  /**
   * Scans and writes a report beside where the option {@code report} says.
   *
   * @param name a file name without directory and ending; {@code %p} and {@code %t} as in the
   *     option
   * @return its files
   */
  List<String> writeReport(String name);
}
