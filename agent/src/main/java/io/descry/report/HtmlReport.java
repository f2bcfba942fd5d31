package io.descry.report;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * The report in a browser: one file that loads nothing from anywhere. A content security policy
 * allows its own style and script, by their hashes, and nothing else. Without the script it shows
 * all the same; with it tables sort and filter, commands copy, the chart tells its numbers.
 *
 * <p>It is written piece by piece: what it takes of memory does not grow with the report.
 */
public final class HtmlReport implements ReportFormat {
  private final PageAssets assets;

  /**
   * Reads what every page is made of, so that no descriptor is needed later.
   *
   * @throws UncheckedIOException when that cannot be read
   */
  public HtmlReport() {
    assets = PageAssets.read();
  }

  @Override
  public String extension() {
    return "html";
  }

  @Override
  public void write(ReportData data, OutputStream out) throws IOException {
    Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    Markup page = new Markup(writer);
    Findings found = Findings.of(data.verdict());
    assets.write(writer, name -> slot(name, page, data, found));
    writer.flush();
  }

  private void slot(String name, Markup page, ReportData data, Findings found) {
    switch (name) {
      case "policy" ->
          page.empty("meta", "http-equiv", "Content-Security-Policy", "content", assets.policy());
      case "groups" -> GroupsHtml.write(page, data);
      default -> PageSections.write(name, page, data, found);
    }
  }
}
