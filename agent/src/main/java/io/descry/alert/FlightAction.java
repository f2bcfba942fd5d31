package io.descry.alert;

import jdk.jfr.FlightRecorder;

/**
 * Writes an event {@code descry.Alert} for the JDK's flight recorder. Without a recording that
 * costs next to nothing, and no recorder is started for it.
 */
public final class FlightAction implements AlertAction {
  private FlightAction() {}

  /**
   * One that writes.
   *
   * @return {@code null} when this runtime has no flight recorder
   */
  public static FlightAction make() {
    try {
      return FlightRecorder.isAvailable() ? new FlightAction() : null;
    } catch (NoClassDefFoundError e) {
      return null; // without the module jdk.jfr
    }
  }

  @Override
  public void alert(Alert alert) {
    FlightAlert event = new FlightAlert();
    if (event.shouldCommit()) {
      event.name = alert.name();
      event.kind = alert.kind().label();
      event.state = alert.state();
      event.text = alert.text();
      event.open = alert.figures().open();
      event.usage = alert.figures().usage();
      event.report = alert.report() == null ? null : alert.report().toString();
      event.commit();
    }
  }
}
