package io.descry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebRequestTest {
  @Test
  void readsWhatABrowserSends() throws IOException {
    WebRequest request =
        read(
            "POST /story?fd=7&text=a%2Fb+c HTTP/1.1\r\nHost: localhost:7070\r\nX-Empty:\r\n"
                + "Accept: text/html\r\nACCEPT: */*\r\nContent-Length: 9\r\n\r\ntoken=a+b&more");

    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/story");
    assertThat(request.query()).containsEntry("fd", "7").containsEntry("text", "a/b c");
    assertThat(request.header("host")).isEqualTo("localhost:7070");
    assertThat(request.header("X-Empty")).isEmpty();
    assertThat(request.header("Accept")).isEqualTo("text/html, */*");
    assertThat(request.header("Origin")).isNull();
    assertThat(request.form()).containsExactly(java.util.Map.entry("token", "a b"));
  }

  @Test
  void aClientThatLeavesWithoutAWordIsNoRequest() throws IOException {
    assertThat(read("")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/2.0\r\n\r\n",
        "GET http://localhost/ HTTP/1.1\r\n\r\n",
        "GET //x y HTTP/1.1\r\n\r\n",
        "get / HTTP/1.1\r\n\r\n",
        "GET /\u0000 HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: \u0001\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
        "GET / HTTP/1.1\r\nContent-Length: 99999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabc",
        "GET /?a=%zz HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a",
        "\u0016\u0003\u0001\u0002 a client of TLS\n\n"
      })
  void refusesWhatIsNone(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOfSatisfying(
            WebRequest.Refused.class, refused -> assertThat(refused.status()).isEqualTo(400));
  }

  @ParameterizedTest
  @CsvSource({
    "POST / HTTP/1.1\\nContent-Length: 4097, 413",
    "POST / HTTP/1.1\\nTransfer-Encoding: chunked, 411"
  })
  void refusesBodiesThatItCannotBound(String head, int status) {
    assertThatThrownBy(() -> read(head.replace("\\n", "\r\n") + "\r\n\r\n"))
        .isInstanceOfSatisfying(
            WebRequest.Refused.class, refused -> assertThat(refused.status()).isEqualTo(status));
  }

  @Test
  void readsNoHeadWithoutEnd() {
    for (String endless :
        new String[] {
          "GET /" + "a".repeat(1 << 20), "GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(1 << 18)
        }) {
      ByteArrayInputStream in =
          new ByteArrayInputStream(endless.getBytes(StandardCharsets.ISO_8859_1));

      assertThatThrownBy(() -> WebRequest.read(in))
          .isInstanceOfSatisfying(
              WebRequest.Refused.class, refused -> assertThat(refused.status()).isEqualTo(431));
      assertThat(endless.length() - in.available())
          .isLessThanOrEqualTo(WebRequest.LONGEST_HEAD + 1);
    }
  }

  private static WebRequest read(String text) throws IOException {
    return WebRequest.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
  }
}
