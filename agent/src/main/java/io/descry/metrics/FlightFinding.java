package io.descry.metrics;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timestamp;

/** What became of a finding, as a flight recording has it. */
@Name("descry.Finding")
@Label("Descriptor Finding")
@Category("Descry")
@Description("A leak or a hazard that Descry found, and what became of it")
@StackTrace(false)
final class FlightFinding extends Event {
  @Label("Change")
  @Description("new, changed, holds or resolved")
  String change;

  @Label("Finding")
  String id;

  @Label("Rule")
  String rule;

  @Label("Confidence")
  String confidence;

  @Label("Hazard")
  @Description("Whether it is no leak but a bug")
  boolean hazard;

  @Label("Owner")
  String owner;

  @Label("Library")
  String library;

  @Label("Kind")
  String kind;

  @Label("Descriptors")
  int count;

  @Label("Closed")
  @Description("How many of them were closed, once it is resolved")
  int closed;

  @Label("Rate per Minute")
  double ratePerMinute;

  @Label("Opened By")
  @Description("Where the application, or the library, opened them")
  String opener;

  @Label("Evidence")
  String evidence;

  @Label("Advice")
  String advice;

  @Label("First Seen")
  @Timestamp(Timestamp.MILLISECONDS_SINCE_EPOCH)
  long firstSeen;
}
