package io.descry.report;

import io.descry.reconcile.Frames;
import io.descry.reconcile.Site;
import io.descry.report.ReportDocument.Node;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A finding or group of a report, as far as two reports can be compared.
 *
 * @param rule of a finding; {@code null} for a group
 * @param owner who is answerable
 * @param library its name; {@code null} when there is none
 * @param kind what the descriptors are
 * @param site where they were opened
 * @param count how many
 * @param confidence of a finding; {@code null} for a group
 * @param ratePerMinute of a finding; {@code null} when unknown, and for a group
 */
record DiffEntry(
    String rule,
    String owner,
    String library,
    String kind,
    Site site,
    long count,
    String confidence,
    Double ratePerMinute) {
  /** What the JVM names anew in each run: hidden classes, lambdas, proxies. */
  private static final Pattern RUN = Pattern.compile("(?<=\\$\\$Lambda)(?:\\$\\d+)?/0x[0-9a-f]+");

  private static final Pattern HIDDEN = Pattern.compile("/0x[0-9a-f]{6,}");
  private static final Pattern PROXY = Pattern.compile("(?<=\\$Proxy)\\d+");

  /** Where in a method or function, which another build has elsewhere. */
  private static final Pattern LINE = Pattern.compile(":\\d+\\)$|\\+0x[0-9a-f]+$");

  /** What must be equal for two entries to be of one thing. */
  record Key(String rule, String owner, String library, String kind, Site site) {}

  static DiffEntry of(Node node) {
    return new DiffEntry(
        node.at("rule").text(),
        node.at("owner").text(),
        node.at("library").at("name").text(),
        node.at("kind").text(),
        new Site(frames(node, "java"), frames(node, "native")),
        node.at("count").number() == null ? 0 : node.at("count").number().longValue(),
        node.at("confidence").text(),
        node.at("ratePerMinute").number());
  }

  private static List<String> frames(Node node, String stack) {
    return node.at("site").at(stack).all().stream()
        .map(Node::text)
        .map(frame -> frame == null ? "?" : frame)
        .toList();
  }

  /** The same for the same code in another JVM. */
  Key key() {
    return key(false);
  }

  /** The same for the same methods and functions in another build of them. */
  Key looseKey() {
    return key(true);
  }

  private Key key(boolean loose) {
    return new Key(
        rule,
        owner,
        library,
        kind,
        new Site(plain(site.java(), loose, true), plain(site.natives(), loose, false)));
  }

  private static List<String> plain(List<String> frames, boolean loose, boolean java) {
    return frames.stream()
        .map(
            frame -> {
              String same = java ? Frames.bare(frame) : frame;
              same = RUN.matcher(same).replaceAll("");
              same = HIDDEN.matcher(same).replaceAll("");
              same = PROXY.matcher(same).replaceAll("");
              return loose ? LINE.matcher(same).replaceAll("") : same;
            })
        .toList();
  }

  /** Both as one: equal keys, of which a report should have but one each. */
  DiffEntry with(DiffEntry other) {
    Double rate =
        ratePerMinute == null
            ? other.ratePerMinute
            : other.ratePerMinute == null
                ? ratePerMinute
                : Double.valueOf(ratePerMinute + other.ratePerMinute);
    return new DiffEntry(rule, owner, library, kind, site, count + other.count, confidence, rate);
  }
}
