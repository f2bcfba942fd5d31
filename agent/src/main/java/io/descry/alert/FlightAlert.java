package io.descry.alert;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Percentage;
import jdk.jfr.StackTrace;

/** An alert, as a flight recording has it. */
@Name("descry.Alert")
@Label("Descriptor Alert")
@Category("Descry")
@Description("A condition that the operator set began to hold, or has ended")
@StackTrace(false)
final class FlightAlert extends Event {
  @Label("Name")
  String name;

  @Label("About")
  @Description("usage, growth, exhaustion or finding")
  String kind;

  @Label("State")
  @Description("raised or cleared")
  String state;

  @Label("Text")
  String text;

  @Label("Open Descriptors")
  int open;

  @Label("Usage")
  @Description("Share of the soft limit; 0 when there is none")
  @Percentage
  double usage;

  @Label("Report")
  @Description("The report that was written because of it")
  String report;
}
