package io.descry.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTest {
  private static final String TOKEN = "0123456789abcdef";
  private final Admission open = new Admission(Set.of("orders.example.com"), null);
  private final Admission closed = new Admission(Set.of(), TOKEN);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:7070",
        "localhost.:7070",
        "127.0.0.1:7070",
        "10.1.2.3",
        "[::1]:7070",
        "[::1]",
        "orders.example.com:80",
        "Orders.Example.Com."
      })
  void isForUs(String host) {
    assertThat(open.isForUs(request("GET", "Host", host))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:7070",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "1.2.3.4.5",
        "xorders.example.com",
        "orders.example.com.evil",
        "localhost:7070:7070",
        "localhost@evil.example",
        "[::1",
        "::1",
        "[evil.example]",
        "0x7f000001",
        ""
      })
  void isForSomebodyElse(String host) {
    assertThat(open.isForUs(request("GET", "Host", host))).isFalse();
    assertThat(open.isForUs(request("GET"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:7070, false",
    "https://localhost:7070, false",
    "http://localhost, true",
    "http://localhost:7071, true",
    "http://evil.example, true",
    "http://localhost:7070.evil.example, true",
    "null, true",
    "'', true"
  })
  void tellsOriginsApart(String origin, boolean elsewhere) {
    WebRequest request = request("POST", "Host", "localhost:7070", "Origin", origin);
    assertThat(open.isFromElsewhere(request)).isEqualTo(elsewhere);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, same-origin, cors, false",
    "GET, none, navigate, false",
    "GET, cross-site, navigate, false",
    "GET, cross-site, no-cors, true",
    "GET, same-site, no-cors, true",
    "POST, cross-site, navigate, true"
  })
  void believesWhatBrowsersSayOfASite(String method, String site, String mode, boolean elsewhere) {
    WebRequest request =
        request(method, "Host", "localhost", "Sec-Fetch-Site", site, "Sec-Fetch-Mode", mode);
    assertThat(open.isFromElsewhere(request)).isEqualTo(elsewhere);
  }

  @Test
  void whatIsNoBrowserSaysNothingOfOrigins() {
    assertThat(open.isFromElsewhere(request("POST", "Host", "localhost"))).isFalse();
  }

  @Test
  void knowsTheTokenAndNothingLikeIt() {
    assertThat(open.isKnown(request("GET"))).isTrue();
    assertThat(open.isToken(TOKEN)).isFalse();
    assertThat(closed.isKnown(request("GET", "Authorization", "Bearer " + TOKEN))).isTrue();
    assertThat(closed.isKnown(request("GET", "Authorization", "bearer  " + TOKEN))).isTrue();
    for (String wrong : new String[] {"", "x", TOKEN + "0", TOKEN.substring(1)}) {
      assertThat(closed.isKnown(request("GET", "Authorization", "Bearer " + wrong))).isFalse();
    }
    assertThat(closed.isKnown(request("GET", "Authorization", "Basic " + TOKEN))).isFalse();
    assertThat(closed.isKnown(request("GET"))).isFalse();
  }

  @Test
  void knowsItsOwnCookieOnly() {
    String cookie = closed.cookie();
    assertThat(cookie).contains("; HttpOnly; SameSite=Strict").doesNotContain(TOKEN);
    String pair = cookie.substring(0, cookie.indexOf(';'));
    assertThat(closed.isKnown(request("GET", "Cookie", "a=b; " + pair))).isTrue();
    assertThat(closed.isKnown(request("GET", "Cookie", pair + "0"))).isFalse();
    assertThat(closed.isKnown(request("GET", "Cookie", "x" + pair))).isFalse();
    assertThat(new Admission(Set.of(), TOKEN).isKnown(request("GET", "Cookie", pair))).isFalse();
    assertThat(new Admission(Set.of(), TOKEN).cookie()).isNotEqualTo(cookie);
  }

  private static WebRequest request(String method, String... headers) {
    Map<String, String> all = new HashMap<>();
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i].toLowerCase(java.util.Locale.ROOT), headers[i + 1]);
    }
    return new WebRequest(method, "/", Map.of(), all, new byte[0]);
  }
}
