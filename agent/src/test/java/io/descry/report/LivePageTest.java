package io.descry.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.descry.reconcile.Group;
import io.descry.reconcile.OwnedDescriptor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LivePageTest {
  private static final String HOSTILE = "</script><img src=x onerror=alert(1)>\n\u202e\"'&";
  private final LivePage page = new LivePage();

  @Test
  void whatComesFromOutsideStaysText() throws IOException {
    List<OwnedDescriptor> owned =
        List.of(Sample.owned(Sample.FILES, 7, "/tmp/" + HOSTILE, HOSTILE));
    ReportData data = Sample.finding(Sample.FILES, owned);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    page.write(data, all);
    page.writeDescriptors(data, new DescriptorQuery("", "ONERROR"), all);
    assertThat(page.writeStory(data, 7, all)).isTrue();
    JsonNode update = new ObjectMapper().readTree(page.update(data));
    String text =
        all.toString(StandardCharsets.UTF_8)
            + update.at("/sections/findings").asText()
            + update.at("/rows").asText();

    assertThat(text)
        .contains("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;\\n\\u202e&quot;&#39;&amp;")
        .doesNotContain("<img", "\u202e");
    // The script of the page, which escapes nothing, and the block of data of the chart.
    assertThat(text.split("</script>", -1)).hasSizeLessThanOrEqualTo(3);
  }

  @Test
  void anUpdateIsOneLine() throws IOException {
    ReportData data =
        Sample.finding(Sample.FILES, List.of(Sample.owned(Sample.FILES, 7, "a\nb", "c\r")));
    String update = new String(page.update(data), StandardCharsets.UTF_8);
    assertThat(update).startsWith("{").endsWith("}").doesNotContain("\n", "\r");
  }

  @Test
  void whatIsShownIsBounded() throws IOException {
    List<Group> groups = new ArrayList<>();
    for (int i = 0; i < 3 * LiveGroupsHtml.SHOWN; i++) {
      groups.add(
          new Group(Sample.FILES, List.of(Sample.owned(Sample.FILES, i, "/tmp/" + i, "thread"))));
    }
    ReportData data = Sample.data("demand", groups, io.descry.detect.Verdict.NONE, List.of());
    ByteArrayOutputStream table = new ByteArrayOutputStream();
    page.writeDescriptors(data, new DescriptorQuery("", ""), table);

    assertThat(new ObjectMapper().readTree(page.update(data)).at("/rows").asText().split("<tr "))
        .hasSize(LiveGroupsHtml.SHOWN + 1);
    assertThat(table.toString(StandardCharsets.UTF_8))
        .contains("The oldest 200 of 3,000 descriptors.");
    assertThat(table.toString(StandardCharsets.UTF_8).split("data-fd="))
        .hasSize(LiveDescriptorsHtml.SHOWN + 1);
  }

  @Test
  void groupsAreToldApartByAllThatMakesThem() {
    List<String> ids =
        Sample.troubledGroups().stream().map(group -> DescriptorQuery.id(group.key())).toList();
    assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9a-f]{1,16}"));
    DescriptorQuery query = new DescriptorQuery(ids.get(1), " EventPoll ");
    assertThat(query.isOf(Sample.POLLS)).isTrue();
    assertThat(query.isOf(Sample.FILES)).isFalse();
    assertThat(query.matches(Sample.owned(Sample.POLLS, 500, "x", null))).isTrue();
    assertThat(query.matches(Sample.owned(Sample.FILES, 500, "x", null))).isFalse();
  }

  @Test
  void aStoryOfNothingIsNone() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(page.writeStory(Sample.healthy(), 4000, out)).isFalse();
    assertThat(out.size()).isZero();
  }
}
