package io.descry.metrics;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Percentage;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** One scan, as a flight recording has it. */
@Name("descry.Scan")
@Label("Descriptor Scan")
@Category("Descry")
@Description("What one scan of the open descriptors found")
@StackTrace(false)
final class FlightScan extends Event {
  @Label("Open Descriptors")
  int open;

  @Label("Soft Limit")
  @Description("-1 when there is none, or it is not known")
  long limit;

  @Label("Usage")
  @Description("Share of the limit; not a number when there is none")
  @Percentage
  double usage;

  @Label("Growth per Second")
  @Description("Trend of all open descriptors; 0 when there is none")
  double growthPerSecond;

  @Label("Opened by Native Code")
  int unaccounted;

  @Label("Findings")
  int findings;

  @Label("Blind Spots")
  @Description("Things that Descry cannot see here")
  int blind;

  @Label("Scan Took")
  @Timespan(Timespan.NANOSECONDS)
  long took;
}
