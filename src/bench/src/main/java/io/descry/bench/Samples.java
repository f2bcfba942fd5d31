package io.descry.bench;

import java.util.Collection;

/**
 * What several JVMs gave for the same figure.
 *
 * @param min the least
 * @param median the middle one, of an even number the mean of the middle two
 * @param max the greatest
 */
record Samples(double min, double median, double max) {

  /** Of at least one value. */
  static Samples of(Collection<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int last = sorted.length - 1;
    return new Samples(sorted[0], (sorted[last / 2] + sorted[(last + 1) / 2]) / 2, sorted[last]);
  }

  /** All of them less {@code less}. */
  Samples minus(double less) {
    return new Samples(min - less, median - less, max - less);
  }

  /** Minimum, median and maximum, each divided by {@code unit}, with so many decimals. */
  String text(int decimals, double unit) {
    return Table.number(min / unit, decimals)
        + " / "
        + Table.number(median / unit, decimals)
        + " / "
        + Table.number(max / unit, decimals);
  }

  /** {@link #text(int, double)} in the unit in which they are. */
  String text(int decimals) {
    return text(decimals, 1);
  }
}
