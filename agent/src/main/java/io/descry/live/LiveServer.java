package io.descry.live;

import io.descry.alert.Drained;
import io.descry.alert.Figures;
import io.descry.detect.Verdict;
import io.descry.http.Admission;
import io.descry.http.WebRequest;
import io.descry.http.WebResponse;
import io.descry.http.WebServer;
import io.descry.metrics.Scrapes;
import io.descry.reconcile.Reconciliation;
import io.descry.report.DescriptorQuery;
import io.descry.report.HtmlReport;
import io.descry.report.JsonReport;
import io.descry.report.LivePage;
import io.descry.report.ReportData;
import io.descry.report.ReportFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the live page and what stands beside it: its events, descriptors and their stories,
 * reports, metrics, health. What is asked by GET is answered from the last scan and changes
 * nothing; a scan is asked for by POST.
 *
 * <p>Everybody may ask for {@code /health}, which says no more than whether to send requests here,
 * and why not. All else needs the token, where there is one.
 */
public final class LiveServer implements AutoCloseable, Drained {
  private static final Logger LOG = LoggerFactory.getLogger(LiveServer.class);
  private static final Set<String> POSTS = Set.of("/scan", "/login");
  private static final Set<String> GETS =
      Set.of(
          "/",
          "/events",
          "/descriptors",
          "/story",
          "/report.html",
          "/report.json",
          "/metrics",
          "/health");

  /** How many answers are made at a time that take time to make. */
  private static final int MOST_MADE = 2;

  private static final long PATIENCE_MILLIS = 2000;

  /** Between scans that are asked for, as rules count scans: as between scans of Descry's own. */
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final int LONGEST_TEXT = 200;
  private static final String HTML = "text/html; charset=utf-8";

  private final LiveSettings settings;
  private final LiveSource source;
  private final Admission admission;
  private final LivePage page = new LivePage();
  private final ReportFormat html = new HtmlReport();
  private final ReportFormat json = new JsonReport();
  private final LiveFeed feed;
  private final Semaphore made = new Semaphore(MOST_MADE);
  private final Semaphore scanning = new Semaphore(1);
  private long scanAsked = System.nanoTime() - REST_NANOS;
  private volatile boolean draining;
  private WebServer server;

  private LiveServer(LiveSettings settings, LiveSource source) {
    this.settings = settings;
    this.source = source;
    admission = new Admission(settings.names(), settings.token());
    feed = new LiveFeed(source, page);
  }

  /**
   * Starts to listen.
   *
   * @param threads makes the server's threads, daemons
   * @throws IOException when it cannot, because the port is in use or the host is not of this
   *     machine
   */
  public static LiveServer start(LiveSettings settings, LiveSource source, ThreadFactory threads)
      throws IOException {
    LiveServer live = new LiveServer(settings, source);
    live.server = WebServer.start(settings.address(), live::answer, threads);
    return live;
  }

  /** Where the page is, such as {@code http://127.0.0.1:7070/}. */
  public String address() {
    return server.url();
  }

  /** The page that a balancer reads. */
  @Override
  public String url() {
    return server.url() + "health";
  }

  @Override
  public void drain() {
    draining = true;
  }

  /** There was a scan; does next to nothing. */
  public void scanned() {
    feed.scanned();
  }

  /** How many watch the page. */
  int watching() {
    return feed.watching();
  }

  /** Stops at once. */
  @Override
  public void close() {
    server.close();
  }

  private void answer(WebRequest request, WebResponse response) throws IOException {
    if (!admission.isForUs(request)) {
      response.say(
          421,
          "This server does not go by the name that stands in the header Host. Ask it by an IP"
              + " address or as localhost, or name its host in the option http.hosts.");
    } else if (admission.isFromElsewhere(request)) {
      response.say(403, "Pages of other origins may not ask here.");
    } else if (!isMethod(request, response)) {
      return;
    } else if (request.path().equals("/health")) {
      health(response);
    } else if (request.path().equals("/login")) {
      login(request, response);
    } else if (!admission.isKnown(request)) {
      unknown(request, response);
    } else {
      known(request, response);
    }
  }

  private static boolean isMethod(WebRequest request, WebResponse response) throws IOException {
    boolean posts = POSTS.contains(request.path());
    if (!posts && !GETS.contains(request.path())) {
      response.say(404, "There is no such page.");
      return false;
    }
    String method = request.method();
    if (posts ? method.equals("POST") : method.equals("GET") || method.equals("HEAD")) {
      return true;
    }
    response.header("Allow", posts ? "POST" : "GET, HEAD").say(405, "Not by " + method + ".");
    return false;
  }

  private void known(WebRequest request, WebResponse response) throws IOException {
    switch (request.path()) {
      case "/scan" -> scan(response);
      case "/events" -> events(request, response);
      case "/metrics" -> make(response, () -> metrics(request, response));
      case "/" ->
          make(
              response,
              () -> {
                response.header("Content-Security-Policy", page.policy());
                ReportData last = source.last();
                response.send(HTML, out -> page.write(last, out));
              });
      default -> {
        ReportData last = source.last();
        if (last == null) {
          response.header("Retry-After", "1").say(503, "The first scan is yet to come.");
        } else {
          make(response, () -> ofScan(request, response, last));
        }
      }
    }
  }

  private void ofScan(WebRequest request, WebResponse response, ReportData last)
      throws IOException {
    switch (request.path()) {
      case "/report.html" -> report(response, last, html, HTML);
      case "/report.json" -> report(response, last, json, "application/json");
      case "/descriptors" -> descriptors(request, response, last);
      default -> story(request, response, last);
    }
  }

  private static void report(
      WebResponse response, ReportData last, ReportFormat format, String type) throws IOException {
    response.header(
        "Content-Disposition",
        "inline; filename=\"descry-" + last.process().pid() + "." + format.extension() + "\"");
    // The page has a policy of its own, by the hashes of what it consists of.
    response.header("Content-Security-Policy", "frame-ancestors 'none'");
    response.send(type, out -> format.write(last, out));
  }

  private void descriptors(WebRequest request, WebResponse response, ReportData last)
      throws IOException {
    String text = request.query().getOrDefault("text", "");
    if (text.length() > LONGEST_TEXT) {
      response.say(400, "The text is longer than " + LONGEST_TEXT + " characters.");
      return;
    }
    DescriptorQuery query = new DescriptorQuery(request.query().getOrDefault("group", ""), text);
    response.send(HTML, out -> page.writeDescriptors(last, query, out));
  }

  private void story(WebRequest request, WebResponse response, ReportData last) throws IOException {
    int number;
    try {
      number = Integer.parseInt(request.query().getOrDefault("fd", ""));
    } catch (NumberFormatException e) {
      response.say(400, "Ask for a number: story?fd=7");
      return;
    }
    ByteArrayOutputStream story = new ByteArrayOutputStream();
    if (page.writeStory(last, number, story)) {
      response.send(200, HTML, story.toByteArray());
    } else {
      response.say(404, "fd " + number + " was not open in the last scan.");
    }
  }

  private void metrics(WebRequest request, WebResponse response) throws IOException {
    String accept = request.header("Accept");
    Scrapes.Scrape scrape = source.metrics(accept == null ? "" : accept);
    if (scrape == null) {
      response.say(404, "There are no metrics here; standard error says why.");
    } else {
      response.send(200, scrape.type(), scrape.body());
    }
  }

  private void health(WebResponse response) throws IOException {
    String reason = "draining";
    if (!draining) {
      Reconciliation last = source.reconciliation();
      Verdict verdict = source.verdict();
      reason = last == null ? "" : settings.unhealthy().reason(Figures.of(last, verdict), verdict);
    }
    if (reason.isEmpty()) {
      response.say(200, "ok");
    } else {
      response.say(503, reason);
    }
  }

  private void scan(WebResponse response) throws IOException {
    if (!scanning.tryAcquire()) {
      response.header("Retry-After", "1").say(429, "A scan is under way.");
      return;
    }
    try {
      if (System.nanoTime() - scanAsked < REST_NANOS) {
        response.header("Retry-After", "1").say(429, "A scan has just been made.");
        return;
      }
      source.scan();
      scanAsked = System.nanoTime();
    } finally {
      scanning.release();
    }
    response.send(204);
  }

  private void events(WebRequest request, WebResponse response) throws IOException {
    if (!feed.enter()) {
      response.header("Retry-After", "5").say(503, "As many watch as may: " + LiveFeed.MOST + ".");
      return;
    }
    try {
      if (request.method().equals("HEAD")) {
        response.header("Content-Type", "text/event-stream").send(200);
      } else {
        response.stream("text/event-stream", out -> feed.write(response, out));
      }
    } finally {
      feed.leave();
    }
  }

  /** Makes what takes time to make, unless others do. */
  private void make(WebResponse response, Making making) throws IOException {
    try {
      if (!made.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
        response.header("Retry-After", "2").say(503, "Others are being answered.");
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      making.make();
    } finally {
      made.release();
    }
  }

  @FunctionalInterface
  private interface Making {
    void make() throws IOException;
  }

  private void login(WebRequest request, WebResponse response) throws IOException {
    if (admission.isToken(request.form().get("token"))) {
      response.header("Set-Cookie", admission.cookie()).header("Location", "./").send(303);
    } else {
      LOG.warn("somebody gave a token that is none");
      loginPage(response, true);
    }
  }

  private void unknown(WebRequest request, WebResponse response) throws IOException {
    if (request.path().equals("/")) {
      loginPage(response, false);
    } else {
      response
          .header("WWW-Authenticate", "Bearer realm=\"descry\"")
          .say(401, "This needs the token of the option http.token.");
    }
  }

  private void loginPage(WebResponse response, boolean refused) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    page.writeLogin(refused, body);
    response
        .header("WWW-Authenticate", "Bearer realm=\"descry\"")
        .header("Content-Security-Policy", page.loginPolicy())
        .send(401, HTML, body.toByteArray());
  }
}
