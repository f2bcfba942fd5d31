package io.descry.alert;

/** Something that is done when an alert is raised or cleared. */
public interface AlertAction {
  /**
   * Does it. Called by Descry's alert thread only, for one alert at a time; may take seconds, and
   * the alerts after it wait that long. What it throws is logged and costs no other action.
   */
  void alert(Alert alert) throws Exception;
}
