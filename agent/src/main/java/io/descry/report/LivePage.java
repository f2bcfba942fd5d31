package io.descry.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import io.descry.reconcile.OwnedDescriptor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/**
 * The report's page as a running process feeds it: whole when it is opened, then section by section
 * after each scan. What the sections say, and how text from outside is escaped, is as in {@link
 * HtmlReport}. Keeps no state and may be used by several threads.
 */
public final class LivePage {
  /** Of the page, in its order; each in an element {@code live-<name>}. */
  private static final List<String> SECTIONS =
      List.of("head", "verdict", "timeline", "findings", "census", "rest");

  private static final JsonFactory JSON =
      new JsonFactoryBuilder().recyclerPool(JsonRecyclerPools.nonRecyclingPool()).build();

  private final PageAssets assets = PageAssets.readLive();
  private final PageAssets login = PageAssets.readLogin();

  /** The content security policy of the page. */
  public String policy() {
    return assets.policy();
  }

  /** The content security policy of the page that asks for the token. */
  public String loginPolicy() {
    return login.policy();
  }

  /**
   * Writes the page.
   *
   * @param data the last scan; {@code null}: there is none yet
   * @param out is flushed and left open
   */
  public void write(ReportData data, OutputStream out) throws IOException {
    Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    Markup page = new Markup(writer);
    Findings found = data == null ? null : Findings.of(data.verdict());
    assets.write(
        writer,
        name -> {
          if (data == null) {
            if (name.equals("title")) {
              page.element("title", "Descry");
            }
          } else if (name.equals("rows")) {
            LiveGroupsHtml.write(page, data);
          } else {
            PageSections.write(name, page, data, found);
          }
        });
    writer.flush();
  }

  /**
   * Writes the page that asks for the token.
   *
   * @param refused whether one was given that is none
   * @param out is flushed and left open
   */
  public void writeLogin(boolean refused, OutputStream out) throws IOException {
    Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    Markup page = new Markup(writer);
    login.write(
        writer,
        name -> {
          if (refused) {
            page.element("p", "That is not the token.", "class", "certain refused");
          }
        });
    writer.flush();
  }

  /** What a page that is open shows of this scan from now on: one line of JSON, in UTF-8. */
  public byte[] update(ReportData data) throws IOException {
    Findings found = Findings.of(data.verdict());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("title", PageHead.title(data, found));
      json.writeStringField("at", Words.time(data.written()));
      json.writeNumberField("scan", data.reconciliation().scan());
      json.writeNumberField("open", data.reconciliation().open());
      json.writeObjectFieldStart("sections");
      for (String name : SECTIONS) {
        json.writeStringField(name, fragment(page -> PageSections.write(name, page, data, found)));
      }
      json.writeEndObject();
      json.writeStringField("rows", fragment(page -> LiveGroupsHtml.write(page, data)));
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  /** Writes a table of the descriptors of the last scan that are asked for. */
  public void writeDescriptors(ReportData data, DescriptorQuery query, OutputStream out)
      throws IOException {
    write(out, page -> LiveDescriptorsHtml.write(page, data, query));
  }

  /**
   * Writes the story of the descriptor of this number: what it is, where and when and by whom it
   * was opened, since when it is seen, and what is found of it.
   *
   * @return false, and nothing is written, when it was not open in the last scan
   */
  public boolean writeStory(ReportData data, int number, OutputStream out) throws IOException {
    OwnedDescriptor owned = StoryHtml.find(data.reconciliation(), number);
    if (owned != null) {
      write(out, page -> StoryHtml.write(page, data, owned));
    }
    return owned != null;
  }

  private static String fragment(Consumer<Markup> writing) {
    StringWriter writer = new StringWriter();
    writing.accept(new Markup(writer));
    return writer.toString();
  }

  private static void write(OutputStream out, Consumer<Markup> writing) throws IOException {
    Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    try {
      writing.accept(new Markup(writer));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    writer.flush();
  }
}
