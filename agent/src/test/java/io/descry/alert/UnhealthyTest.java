package io.descry.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.detect.Confidence;
import io.descry.detect.Verdict;
import io.descry.report.Sample;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class UnhealthyTest {
  private static final Instant NOW = Instant.parse("2026-11-23T03:14:05Z");

  @Test
  void usage() {
    Unhealthy rules = new Unhealthy(0.9, null, null);
    assertThat(rules.reason(figures(900, 1000, null), Verdict.NONE))
        .isEqualTo("90 % of the limit of descriptors is in use");
    assertThat(rules.reason(figures(899, 1000, null), Verdict.NONE)).isEmpty();
    assertThat(rules.reason(figures(899, Long.MAX_VALUE, null), Verdict.NONE)).isEmpty();
  }

  @Test
  void exhaustion() {
    Unhealthy rules = new Unhealthy(Double.NaN, Duration.ofMinutes(10), null);
    assertThat(rules.reason(figures(9, 1000, NOW.plusSeconds(600)), Verdict.NONE))
        .isEqualTo("the limit of descriptors is reached in 600 s");
    assertThat(rules.reason(figures(9, 1000, NOW.plusSeconds(601)), Verdict.NONE)).isEmpty();
    assertThat(rules.reason(figures(9, 1000, null), Verdict.NONE)).isEmpty();
  }

  @Test
  void findings() {
    Verdict verdict = Sample.troubled().verdict();
    Verdict probable = new Verdict(verdict.findings().subList(1, 3), 0, null);
    Verdict hazard = new Verdict(verdict.findings().subList(4, 5), 0, null);
    Figures figures = figures(9, 1000, null);
    assertThat(new Unhealthy(Double.NaN, null, Confidence.CERTAIN).reason(figures, verdict))
        .isEqualTo("a leak of descriptors is certain");
    assertThat(new Unhealthy(Double.NaN, null, Confidence.CERTAIN).reason(figures, probable))
        .isEmpty();
    assertThat(new Unhealthy(Double.NaN, null, Confidence.PROBABLE).reason(figures, probable))
        .isEqualTo("a leak of descriptors is probable");
    assertThat(new Unhealthy(Double.NaN, null, Confidence.SUSPECT).reason(figures, hazard))
        .as("a hazard is no leak")
        .isEmpty();
    assertThat(Unhealthy.NEVER.reason(figures(1000, 1000, NOW), verdict)).isEmpty();
  }

  private static Figures figures(int open, long limit, Instant exhaustion) {
    return new Figures(NOW, open, limit, 0, exhaustion);
  }
}
