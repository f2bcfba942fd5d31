package io.descry.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScrapeAddressTest {

  @Test
  void readsHostAndPort() {
    assertThat(ScrapeAddress.parse("9404")).isEqualTo(new ScrapeAddress(null, 9404));
    assertThat(ScrapeAddress.parse("0")).isEqualTo(new ScrapeAddress(null, 0));
    assertThat(ScrapeAddress.parse("0.0.0.0:9404")).isEqualTo(new ScrapeAddress("0.0.0.0", 9404));
    assertThat(ScrapeAddress.parse("my-host:1")).isEqualTo(new ScrapeAddress("my-host", 1));
    assertThat(ScrapeAddress.parse("[::1]:9404")).isEqualTo(new ScrapeAddress("::1", 9404));
    assertThat(ScrapeAddress.parse("[fe80::1%eth0]:9404"))
        .isEqualTo(new ScrapeAddress("fe80::1%eth0", 9404));
    assertThat(ScrapeAddress.parse("[::1]:9404")).hasToString("[::1]:9404");
    assertThat(ScrapeAddress.parse("9404")).hasToString("localhost:9404");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "host",
        "host:",
        ":9404",
        "::1:9404",
        "[::1]",
        "65536",
        "-1",
        "a b:1",
        "1e3",
        "h/p:1"
      })
  void refusesTheRest(String text) {
    assertThatThrownBy(() -> ScrapeAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[host:]port");
  }
}
