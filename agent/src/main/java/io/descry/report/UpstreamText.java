package io.descry.report;

import java.util.Map;

/** A rule in words for who maintains the library: what was observed, what would be expected. */
final class UpstreamText {
  /**
   * What a rule means to them.
   *
   * @param observed the fact, without a verdict on who is to blame
   * @param expected what would be in order
   */
  record Meaning(String observed, String expected) {}

  private static final String CLOSED =
      "Descriptors that are opened here are closed again, at the latest when what they belong to is"
          + " closed, so that their number comes back down.";

  private static final Map<String, Meaning> RULES =
      Map.ofEntries(
          Map.entry(
              "growth",
              new Meaning(
                  "Descriptors that are opened at this place stay open while new ones are opened,"
                      + " and their number does not come back down.",
                  CLOSED)),
          Map.entry(
              "owner-unreachable",
              new Meaning(
                  "The Java objects that owned these descriptors were garbage-collected, and the"
                      + " descriptors are still open: nothing in the program can close them.",
                  "An object's descriptors are closed when it is closed, or at the latest when it is"
                      + " garbage-collected.")),
          Map.entry(
              "peer-gone",
              new Meaning(
                  "The other end of these sockets has ended the connection, and they stay open on"
                      + " this side, while new ones are opened.",
                  "Once the end of the connection was read, the socket is closed or given to the"
                      + " caller to close.")),
          Map.entry(
              "half-made",
              new Meaning(
                  "These sockets were made, were neither connected nor listening after that, and"
                      + " stay open.",
                  "A socket that comes to nothing is closed, on the error paths as well.")),
          Map.entry(
              "lifetime-outlier",
              new Meaning(
                  "Nearly all descriptors that are opened at this place are closed soon. These were"
                      + " not.",
                  "The descriptor is closed on every path, those of errors included.")),
          Map.entry(
              "empty-loop",
              new Meaning(
                  "Event loops that have watched nothing but their own wake-up descriptors in all"
                      + " their life become more and more.",
                  "A loop that is not used any more is closed with all of its descriptors.")),
          Map.entry(
              "nobody-polls",
              new Meaning(
                  "No thread waits on these event loops, and more of them come.",
                  "A loop is closed with all of its descriptors when its thread ends.")),
          Map.entry(
              "orphan",
              new Meaning(
                  "The library opened these non-blocking descriptors for an event loop, and no epoll"
                      + " set of the process holds them any more, while they are open and more come.",
                  "A descriptor that a loop does not watch any more is closed, or still known to its"
                      + " handle, which can be closed.")),
          Map.entry(
              "never-used",
              new Meaning(
                  "Connections that were made and never used stay open, while new ones are made to"
                      + " the same address.",
                  CLOSED)),
          Map.entry(
              "unexpected-handles",
              new Meaning(
                  "The application says how many of these it holds. More are open, and stay open.",
                  CLOSED)),
          Map.entry(
              "double-close",
              new Meaning(
                  "The library closed a number that was closed already: close failed with EBADF."
                      + " Where another thread is given that number in between, the second close"
                      + " closes what is not the library's.",
                  "Each descriptor is closed once, and its number is forgotten before or with the"
                      + " close.")),
          Map.entry(
              "close-under-use",
              new Meaning(
                  "A number was closed while a thread waited on it. The kernel does not wake the"
                      + " thread, and its next call goes to whatever has the number by then.",
                  "Who waits is woken and has left before the number is closed.")),
          Map.entry(
              "inherited",
              new Meaning(
                  "Descriptors were opened without close-on-exec, and child processes that run"
                      + " another program hold them as well.",
                  "Descriptors are opened with close-on-exec (O_CLOEXEC, SOCK_CLOEXEC, accept4).")));

  private UpstreamText() {}

  /** Of a rule that has no words here, it says what is true of every finding. */
  static Meaning of(String rule) {
    return RULES.getOrDefault(
        rule, new Meaning("The rule " + rule + " of Descry holds for these descriptors.", CLOSED));
  }
}
