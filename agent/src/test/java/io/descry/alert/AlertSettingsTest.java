package io.descry.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.alert.AlertSettings.Action;
import io.descry.detect.Confidence;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AlertSettingsTest {
  private final List<String> problems = new ArrayList<>();

  private AlertSettings read(Map<String, String> texts) {
    return AlertSettings.read(texts, text -> Duration.parse("PT" + text), problems);
  }

  @Test
  void readsAll() {
    AlertSettings settings =
        read(
            Map.of(
                "alert", "log+report+jfr+raise+command+webhook+restart",
                "alert.usage", "75%",
                "alert.growth", "2.5",
                "alert.exhaustion", "30M",
                "alert.findings", "certain",
                "alert.command", "/opt/page+--pid+%p",
                "alert.webhook", "https://alerts.example:8443/hook?key=1+2"));
    assertThat(problems).isEmpty();
    assertThat(settings)
        .isEqualTo(
            new AlertSettings(
                EnumSet.allOf(Action.class),
                0.75,
                2.5,
                Duration.ofMinutes(30),
                Confidence.CERTAIN,
                List.of("/opt/page", "--pid", "%p"),
                URI.create("https://alerts.example:8443/hook?key=1+2")));
  }

  @Test
  void hasDefaults() {
    AlertSettings settings =
        AlertSettings.read(Map.of("alert", "log"), text -> Duration.parse("PT" + text), problems);
    assertThat(problems).isEmpty();
    assertThat(settings.actions()).containsExactly(Action.LOG);
    assertThat(settings.usage()).isEqualTo(0.8);
    assertThat(settings.growth()).isNaN();
    assertThat(settings.exhaustion()).isEqualTo(Duration.ofHours(1));
    assertThat(settings.findings()).isEqualTo(Confidence.PROBABLE);
  }

  @Test
  void saysWhatIsWrongAndGoesOn() {
    AlertSettings settings =
        AlertSettings.read(
            Map.of(
                "alert", "log+pager",
                "alert.usage", "180%",
                "alert.growth", "-3",
                "alert.exhaustion", "soon",
                "alert.findings", "all",
                "alert.command", "/bin/true"),
            text -> Duration.parse("PT" + text),
            problems);
    assertThat(problems)
        .containsExactlyInAnyOrder(
            "option alert: there is no 'pager'; it is left out. Joined by +, there are log, report,"
                + " jfr, raise, command, webhook, restart",
            "option alert.usage=180% is not a percentage from 1% to 100%, or off; using 80%",
            "option alert.growth=-3 is not a number of descriptors a minute, or off; using off",
            "option alert.exhaustion=soon is not a duration such as 30m or 1h, or off; using 1h",
            "option alert.findings=all is not certain, probable, suspect or off; using probable",
            "option alert.command does nothing, for alert does not name command");
    assertThat(settings.actions()).containsExactly(Action.LOG);
    assertThat(settings.usage()).isEqualTo(0.8);
  }

  @Test
  void anActionWithoutItsTargetIsLeftOut() {
    AlertSettings settings =
        read(Map.of("alert", "command+webhook", "alert.webhook", "file:///etc/passwd"));
    assertThat(settings.actions()).isEmpty();
    assertThat(problems).hasSize(3).noneMatch(line -> line.contains("passwd"));
  }

  @Test
  void aWebhookHasAHostAndNoUser() {
    for (String bad :
        List.of(
            "", "hooks.example", "http:///x", "ftp://a/b", "http://u:secret@a/b", "http://a b")) {
      problems.clear();
      assertThat(read(Map.of("alert", "webhook+log", "alert.webhook", bad)).webhook()).isNull();
      assertThat(problems).as(bad).hasSize(1).noneMatch(line -> line.contains("secret"));
    }
  }

  @Test
  void thresholdsAloneDoNothingAndSaySo() {
    assertThat(read(Map.of("alert.usage", "50%")).actions()).isEmpty();
    assertThat(problems)
        .containsExactly("option alert names nothing to do; the other alert options are ignored");
  }
}
