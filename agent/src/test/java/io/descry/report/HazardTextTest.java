package io.descry.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.detect.Confidence;
import io.descry.detect.Evidence;
import io.descry.detect.Finding;
import io.descry.os.Kind;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Library;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Site;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HazardTextTest {
  private static final Instant FIRST = Instant.parse("2026-11-23T03:00:00Z");

  @Test
  void aDoubleCloseIsByWhoClosed() {
    assertThat(text("double-close"))
        .contains("3 x eventfd, closed by foo 1.0", "Closed by   foo 1.0", "closed already")
        .doesNotContain("pened by");
  }

  @Test
  void theOthersAreByWhoOpened() {
    assertThat(text("inherited"))
        .contains("3 x eventfd, opened by foo 1.0", "Opened by   foo 1.0", "Child processes hold")
        .doesNotContain("losed by");
    assertThat(text("close-under-use")).contains("Opened by   foo 1.0", "Threads wait on numbers");
    assertThat(text("growth")).contains("These add up");
  }

  private static String text(String rule) {
    Library library = new Library("foo", "1.0", "/opt/libfoo.so");
    Finding finding =
        new Finding(
            rule + "-1",
            rule,
            Confidence.CERTAIN,
            true,
            new GroupKey(Owner.LIBRARY, library, Kind.EVENTFD, Site.UNKNOWN),
            3,
            List.of(),
            List.of(new Evidence(rule, "a fact", "a command")),
            FIRST,
            0,
            null,
            List.of("do something"));
    TextPage page = new TextPage();
    FindingText.write(page, finding, "", FIRST.plusSeconds(60));
    return page.toString();
  }
}
