package io.descry.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.detect.Confidence;
import io.descry.detect.Resolved;
import io.descry.os.Kind;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Site;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResolvedTextTest {
  private static final Instant FROM = Instant.parse("2026-11-23T03:00:00Z");

  @Test
  void whatWasClosedAndWhatOnlyLooksBetter() {
    String text = text(List.of(resolved("growth-1", 40, 40), resolved("growth-2", 40, 3)));
    assertThat(text)
        .contains("growth-1, suspect, 40 x file", "03:00:00", "03:05:00", "40 were closed after")
        .contains("no longer look");
    assertThat(text.indexOf("growth-2")).isLessThan(text.indexOf("growth-1"));
  }

  @Test
  void nothingOfNothingAndTheLatestOfMany() {
    assertThat(text(List.of())).isEmpty();
    List<Resolved> many = new ArrayList<>();
    for (int i = 1; i <= 15; i++) {
      many.add(resolved("growth-" + i, 40, 40));
    }
    assertThat(text(many))
        .contains("growth-15,", "growth-6,", "and 5 earlier")
        .doesNotContain("growth-5,");
  }

  private static Resolved resolved(String id, int count, int closed) {
    return new Resolved(
        id,
        "growth",
        Confidence.SUSPECT,
        new GroupKey(Owner.JAVA, null, Kind.FILE, Site.UNKNOWN),
        count,
        FROM,
        FROM.plusSeconds(300),
        closed);
  }

  private static String text(List<Resolved> resolved) {
    TextPage page = new TextPage();
    ResolvedText.write(page, resolved);
    return page.toString();
  }
}
