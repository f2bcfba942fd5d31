package io.descry.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LiveViewTest {
  private final LiveView view =
      new LiveView(Sample.WRITTEN, 690, 14, Sample.troubled(), Sample.healthy());

  @Test
  void theScreenHoldsWhatFits() {
    List<String> screen = view.screen(100, 24);

    assertThat(screen).hasSizeLessThan(24).allMatch(row -> row.length() <= 100);
    assertThat(screen.get(0)).startsWith("process 4711  03:14:05 UTC  com.acme.orders");
    assertThat(screen.get(1)).startsWith("690 open of ").contains(", +14 in a minute");
    assertThat(screen).anyMatch(row -> row.startsWith("5 findings in the scan of"));
    assertThat(screen)
        .anyMatch(row -> row.startsWith("certain") && row.contains("owner-unreachable"));
    assertThat(screen).anyMatch(row -> row.matches(" +412 +\\+412  file .*Archive.append.*"));

    assertThat(view.screen(20, 5)).hasSize(4).allMatch(row -> row.length() <= 20);
    assertThat(view.screen(1, 1)).hasSize(1);
  }

  @Test
  void linesNameWhatIsNew() {
    Set<String> told = new HashSet<>();
    assertThat(view.lines(told)).hasSize(6).first().asString().endsWith("; 5 findings");
    LiveView same = new LiveView(Sample.WRITTEN, -1, 0, Sample.troubled(), Sample.troubled());
    assertThat(same.lines(told)).hasSize(1).first().asString().contains("? open of");
  }

  @Test
  void jsonIsOneLine() throws IOException {
    assertThat(view.json().lines()).hasSize(1);
    JsonNode json = new ObjectMapper().readTree(view.json());
    assertThat(json.at("/open").asInt()).isEqualTo(690);
    assertThat(json.at("/findings")).hasSize(5);
    assertThat(json.at("/byOwner/java").asInt()).isPositive();
  }
}
