package io.descry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {

  @Test
  void readsHostAndPort() {
    assertThat(ListenAddress.parse("9404")).isEqualTo(new ListenAddress(null, 9404));
    assertThat(ListenAddress.parse("0")).isEqualTo(new ListenAddress(null, 0));
    assertThat(ListenAddress.parse("0.0.0.0:9404")).isEqualTo(new ListenAddress("0.0.0.0", 9404));
    assertThat(ListenAddress.parse("my-host:1")).isEqualTo(new ListenAddress("my-host", 1));
    assertThat(ListenAddress.parse("[::1]:9404")).isEqualTo(new ListenAddress("::1", 9404));
    assertThat(ListenAddress.parse("[fe80::1%eth0]:9404"))
        .isEqualTo(new ListenAddress("fe80::1%eth0", 9404));
    assertThat(ListenAddress.parse("[::1]:9404")).hasToString("[::1]:9404");
    assertThat(ListenAddress.parse("9404")).hasToString("localhost:9404");
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
    assertThatThrownBy(() -> ListenAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[host:]port");
  }
}
