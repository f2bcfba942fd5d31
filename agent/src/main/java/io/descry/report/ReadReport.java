package io.descry.report;

import io.descry.detect.Confidence;
import io.descry.detect.Evidence;
import io.descry.detect.Finding;
import io.descry.detect.Resolved;
import io.descry.detect.Verdict;
import io.descry.os.Blind;
import io.descry.os.Descriptor;
import io.descry.os.Kind;
import io.descry.os.Limits;
import io.descry.os.Socket;
import io.descry.reconcile.GarbageCollections;
import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Library;
import io.descry.reconcile.OwnedDescriptor;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Reconciliation;
import io.descry.reconcile.Site;
import io.descry.report.ReportDocument.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A JSON report, read back so that it can be shown in any other form. What the file does not say is
 * unknown; descriptors that it only counts are there in number, without a number of their own.
 */
public final class ReadReport {
  private ReadReport() {}

  /**
   * Reads a file.
   *
   * @throws IOException when it cannot be read or is no report of schema 1, with a message for the
   *     person who named it
   */
  public static ReportData of(Path file) throws IOException {
    Node report = ReportDocument.read(file);
    try {
      return data(report);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          file
              + " has the form of a report of Descry, but not its words: "
              + VisibleText.of(e.getMessage(), 200),
          e);
    }
  }

  private static ReportData data(Node report) {
    Node descry = report.at("descry");
    Node process = report.at("process");
    Node descriptors = report.at("descriptors");
    Instant written = time(descry, "written", Instant.EPOCH);
    long scans = number(descry, "scans", 2);
    return new ReportData(
        text(descry, "version", "of an unknown version"),
        time(descry, "started", written),
        written,
        text(descry, "reason", "for an unknown reason"),
        new ProcessFacts(
            number(process, "pid", -1),
            text(process, "command", "unknown"),
            text(process, "java", "unknown"),
            text(process, "vm", "unknown"),
            text(process, "os", "unknown"),
            text(process, "kernel", "unknown"),
            process.at("container").text()),
        new Reconciliation(
            scans,
            written,
            new Limits(
                number(process, "limitSoft", Limits.UNKNOWN),
                number(process, "limitHard", Limits.UNKNOWN)),
            list(report, "groups", ReadReport::group),
            List.of(),
            List.of(),
            List.of(),
            GarbageCollections.NONE),
        new Verdict(
            list(report, "findings", finding -> finding(finding, written)),
            decimal(descriptors, "growthPerMinute", 0) / 60,
            time(descriptors, "exhaustion", null),
            list(report, "resolved", resolved -> resolved(resolved, written))),
        list(report, "blind", one -> blind(one, written)),
        scans,
        false,
        List.of(),
        list(
            report,
            "actions",
            one ->
                new ActionTaken(
                    time(one, "at", written), one.at("action").text(), text(one, "text", "?"))));
  }

  private static Group group(Node node) {
    GroupKey key = key(node);
    return new Group(key, descriptors(node, key, count(node)));
  }

  private static Finding finding(Node node, Instant written) {
    GroupKey key = key(node);
    int count = count(node);
    int listed = node.at("descriptors").all().size();
    return new Finding(
        text(node, "id", "?"),
        text(node, "rule", "?"),
        confidence(node),
        node.at("hazard").isTrue(),
        key,
        count,
        // Some rules count what is closed: only a list that was cut is shorter than its count.
        descriptors(node, key, listed < JsonReport.LISTED ? listed : count),
        list(
            node,
            "evidence",
            one ->
                new Evidence(
                    text(one, "type", "?"), text(one, "text", "?"), one.at("check").text())),
        time(node, "firstSeen", written),
        decimal(node, "ratePerMinute", Double.NaN),
        time(node, "exhaustion", null),
        list(node, "advice", one -> one.text() == null ? "?" : one.text()));
  }

  private static Resolved resolved(Node node, Instant written) {
    return new Resolved(
        text(node, "id", "?"),
        text(node, "rule", "?"),
        confidence(node),
        key(node),
        count(node),
        time(node, "from", written),
        time(node, "to", written),
        (int) number(node, "closed", 0));
  }

  private static Blind blind(Node node, Instant written) {
    return new Blind(text(node, "what", "?"), time(node, "since", written), text(node, "why", "?"));
  }

  private static GroupKey key(Node node) {
    Node library = node.at("library");
    return new GroupKey(
        one(Owner.values(), Owner::label, node, "owner"),
        library.at("name").text() == null
            ? null
            : new Library(
                library.at("name").text(),
                library.at("version").text(),
                library.at("path").text(),
                library.at("buildId").text()),
        one(Kind.values(), Kind::label, node, "kind"),
        new Site(frames(node, "java"), frames(node, "native")));
  }

  private static List<String> frames(Node node, String stack) {
    return list(node.at("site"), stack, one -> one.text() == null ? "?" : one.text());
  }

  /** Those that are listed, and as many more as make up the count. */
  private static List<OwnedDescriptor> descriptors(Node node, GroupKey key, int count) {
    List<OwnedDescriptor> all =
        new ArrayList<>(list(node, "descriptors", one -> descriptor(one, key)));
    IntStream.range(all.size(), count)
        .mapToObj(at -> owned(-1 - at, "", key.kind(), null, Instant.EPOCH, key, new Node(null)))
        .forEach(all::add);
    return all;
  }

  private static OwnedDescriptor descriptor(Node node, GroupKey key) {
    Node socket = node.at("socket");
    return owned(
        (int) number(node, "fd", -1),
        text(node, "target", "?"),
        one(Kind.values(), Kind::label, node, "kind"),
        socket.at("protocol").text() == null
            ? null
            : new Socket(
                text(socket, "protocol", ""),
                text(socket, "local", ""),
                text(socket, "remote", ""),
                text(socket, "state", ""),
                -1,
                -1,
                -1),
        time(node, "opened", Instant.EPOCH),
        key,
        node);
  }

  private static OwnedDescriptor owned(
      int number,
      String target,
      Kind kind,
      Socket socket,
      Instant opened,
      GroupKey key,
      Node node) {
    return new OwnedDescriptor(
        new Descriptor(number, kind, target, 0, 0, -1, -1, socket, null),
        key,
        opened,
        node.at("exact").isTrue(),
        node.at("thread").text(),
        node.at("call").text(),
        node.at("meaning").text(),
        1,
        false);
  }

  private static Confidence confidence(Node node) {
    return one(Confidence.values(), Confidence::label, node, "confidence");
  }

  /** The one of these that has the label; another version may have more of them. */
  private static <T> T one(T[] all, Function<T, String> label, Node node, String name) {
    String text = node.at(name).text();
    return Arrays.stream(all)
        .filter(one -> label.apply(one).equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name + " '" + text + "'"));
  }

  private static <T> List<T> list(Node node, String name, Function<Node, T> each) {
    return node.at(name).all().stream().map(each).filter(Objects::nonNull).toList();
  }

  private static int count(Node node) {
    long count = number(node, "count", 0);
    if (count < 0 || count > 10_000_000) {
      throw new IllegalArgumentException("count " + count);
    }
    return (int) count;
  }

  private static String text(Node node, String name, String otherwise) {
    String text = node.at(name).text();
    return text == null ? otherwise : text;
  }

  private static long number(Node node, String name, long otherwise) {
    Double number = node.at(name).number();
    return number == null ? otherwise : number.longValue();
  }

  private static double decimal(Node node, String name, double otherwise) {
    Double number = node.at(name).number();
    return number == null ? otherwise : number;
  }

  private static Instant time(Node node, String name, Instant otherwise) {
    String text = node.at(name).text();
    try {
      return text == null ? otherwise : Instant.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(name + " '" + text + "'", e);
    }
  }
}
