package io.descry.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.alert.Unhealthy;
import io.descry.detect.Confidence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveSettingsTest {
  private static final String TOKEN = "0123456789abcdef";
  private final List<String> problems = new ArrayList<>();

  @Test
  void isOffUnlessAsked() {
    assertThat(LiveSettings.isAsked(Map.of())).isFalse();
    assertThat(LiveSettings.isAsked(Map.of("http", "off"))).isFalse();
    assertThat(LiveSettings.isAsked(Map.of("http", "0"))).isTrue();
  }

  @Test
  void readsAll() {
    LiveSettings settings =
        read(
            Map.of(
                "http",
                "0.0.0.0:7070",
                "http.token",
                TOKEN,
                "http.hosts",
                "Orders.example.com+orders",
                "http.unhealthy",
                "usage:90%+exhaustion:10m+findings:certain"));

    assertThat(problems).isEmpty();
    assertThat(settings.token()).isEqualTo(TOKEN);
    assertThat(settings.names())
        .containsExactlyInAnyOrder("0.0.0.0", "orders.example.com", "orders");
    assertThat(settings.unhealthy())
        .isEqualTo(new Unhealthy(0.9, Duration.ofMinutes(10), Confidence.CERTAIN));
  }

  @ParameterizedTest
  @ValueSource(strings = {"7070", "localhost:7070", "127.0.0.1:7070", "[::1]:7070"})
  void loopbackNeedsNoToken(String address) {
    assertThat(read(Map.of("http", address)).token()).isNull();
    assertThat(problems).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0:7070", "[::]:7070", "192.0.2.1:7070"})
  void whatOthersCanReachDoes(String address) {
    assertThat(read(Map.of("http", address))).isNull();
    assertThat(problems)
        .containsExactly(
            "option http="
                + address
                + " can be reached from other machines, which needs http.token, 16 characters or"
                + " more; the page is off");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0123456789abcde", "0123456789 abcdef", "0123456789abcdé0123"})
  void aTokenThatIsNoneTurnsThePageOffAndIsNotPrinted(String token) {
    assertThat(read(Map.of("http", "7070", "http.token", token))).isNull();
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0)).startsWith("option http.token is not 16 to 256 characters");
    if (!token.isEmpty()) {
      assertThat(problems.get(0)).doesNotContain(token);
    }
  }

  @Test
  void leavesOutWhatItCannotUse() {
    LiveSettings settings =
        read(
            Map.of(
                "http",
                "7070",
                "http.hosts",
                "ok+http://evil/",
                "http.unhealthy",
                "usage:0%+load:9+findings:sure+exhaustion:soon+usage:80%"));

    assertThat(settings.names()).containsExactly("ok");
    assertThat(settings.unhealthy()).isEqualTo(new Unhealthy(0.8, null, null));
    assertThat(problems)
        .hasSize(5)
        .contains(
            "option http.hosts: 'http://evil/' is not the name of a host, such as"
                + " orders.example.com; it is left out",
            "option http.unhealthy: 'usage:0%' is not usage:1% to 100%, exhaustion:DURATION or"
                + " findings: with certain, probable or suspect; it is left out");
  }

  @Test
  void saysThatAnAddressIsNone() {
    assertThat(read(Map.of("http", "here"))).isNull();
    assertThat(problems)
        .containsExactly(
            "option http: 'here' is no [host:]port, such as 9404, 0.0.0.0:9404 or [::1]:9404; the"
                + " page is off");
  }

  private LiveSettings read(Map<String, String> texts) {
    return LiveSettings.read(
        texts, text -> Duration.parse("PT" + text.toUpperCase(java.util.Locale.ROOT)), problems);
  }
}
