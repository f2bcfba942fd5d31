package io.descry.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.function.LongSupplier;

/** What {@code descry.alerts} and its like show; there are as many series as kinds of alerts. */
public final class AlertMeters implements MeterBinder {
  /** Of no alerts. */
  static final AlertMeters NONE = new AlertMeters(List.of(), () -> 0);

  /**
   * One kind of alert. Asked at every scrape, by the scraper's thread.
   *
   * @param alert the value of the tag
   * @param raised how many were raised so far
   * @param active how many were raised and not cleared
   */
  public record Row(String alert, LongSupplier raised, LongSupplier active) {}

  private final List<Row> rows;
  private final LongSupplier dropped;

  /**
   * Meters.
   *
   * @param dropped how many alerts nothing was done about, as too much was to be done
   */
  public AlertMeters(List<Row> rows, LongSupplier dropped) {
    this.rows = List.copyOf(rows);
    this.dropped = dropped;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    bindTo(new MicrometerMeters(registry));
  }

  /** Puts the meters into a registry; none when there are no rows. */
  void bindTo(Meters meters) {
    for (Row row : rows) {
      List<String> tags = List.of("alert", row.alert());
      meters.counter(
          "descry.alerts", "Alerts that were raised", tags, () -> row.raised().getAsLong());
      meters.gauge(
          "descry.alerts.active",
          "Alerts that were raised and not cleared",
          tags,
          () -> row.active().getAsLong());
    }
    if (!rows.isEmpty()) {
      meters.counter(
          "descry.alerts.dropped",
          "Alerts that nothing was done about, as too much was to be done",
          List.of(),
          dropped::getAsLong);
    }
  }
}
