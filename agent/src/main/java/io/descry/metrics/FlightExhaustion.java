package io.descry.metrics;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Percentage;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A warning that descriptors run out, as a flight recording has it. */
@Name("descry.Exhaustion")
@Label("Descriptor Exhaustion")
@Category("Descry")
@Description("Most of the limit is in use, or the limit is near at the present growth")
@StackTrace(false)
final class FlightExhaustion extends Event {
  @Label("Change")
  @Description("new, holds or resolved")
  String change;

  @Label("Open Descriptors")
  int open;

  @Label("Soft Limit")
  long limit;

  @Label("Usage")
  @Percentage
  double usage;

  @Label("Growth per Second")
  double growthPerSecond;

  @Label("Time Left")
  @Description("Until the limit is reached at this growth; the smallest number when it is not")
  @Timespan(Timespan.MILLISECONDS)
  long left;
}
