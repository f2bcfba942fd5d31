package io.descry.junit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The time from the beginning of a test or a class until all is closed that extensions have stored
 * for it, which JUnit says by {@link #close()}: then the verdict is given.
 *
 * <p>Both interfaces are named, for up to JUnit 5.12 only the one is closed, and later it is
 * deprecated.
 */
@SuppressWarnings("deprecation")
final class Span implements ExtensionContext.Store.CloseableResource, AutoCloseable {
  private static final long PAUSE_MILLIS = 20;

  /** Uses of which something has been said, or that nothing is to be said of any more. */
  private static final Set<Leftover.Use> JUDGED = ConcurrentHashMap.newKeySet();

  private final ExtensionContext context;
  private final Span outermost;
  private final Settings settings;
  private final OnPurpose onPurpose;
  private final Attribution attribution;

  /** What tests of this outermost class left to it, each with the test. */
  private final Map<Leftover.Use, String> left = new ConcurrentHashMap<>();

  private volatile boolean begun;
  private volatile long since;

  /**
   * One that has not begun.
   *
   * @param outermost that of the outermost class around this; {@code null}: this is it
   */
  Span(ExtensionContext context, Span outermost, Settings settings) {
    this.context = context;
    this.outermost = outermost;
    this.settings = settings;
    this.onPurpose = new OnPurpose(settings.ignore());
    this.attribution = new Attribution(context, settings.parallel());
  }

  /** Begins, unless it has. */
  void begin() {
    if (!begun) {
      since = System.nanoTime();
      begun = true;
    }
  }

  @Override
  public void close() {
    if (!begun && left.isEmpty()) {
      return;
    }
    // A test may end interrupted; what follows it is not meant by that.
    boolean interrupted = Thread.interrupted();
    try {
      judge();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void judge() {
    Map<Leftover.Use, Leftover> found = look(null);
    if (!settings.check() || context.getExecutionException().isPresent()) {
      // It is excepted, or failed by itself: what it could not clean up then is no news.
      JUDGED.addAll(found.keySet());
      return;
    }
    if (found.isEmpty()) {
      return;
    }
    boolean waits = outermost == null || settings.strict();
    long begun = System.nanoTime();
    long patience = TimeUnit.MILLISECONDS.toNanos(settings.graceMillis());
    Set<Leftover.Use> lost = new HashSet<>();
    // What was dropped but not collected yet looks as if somebody could close it.
    System.gc();
    for (boolean first = true; ; first = false) {
      found = look(found.keySet());
      Set<Leftover.Use> before = lost;
      lost = lost(found.values());
      // One look is not enough: a close may be under way in the moment of it.
      before.retainAll(lost);
      boolean decided = before.size() == found.size();
      boolean over = !waits || System.nanoTime() - begun >= patience;
      if (!first && (decided || over)) {
        lost = before;
        break;
      }
      pause();
    }
    List<Leftover> leaks = new ArrayList<>();
    for (Leftover one : found.values()) {
      if (waits || lost.contains(one.use())) {
        leaks.add(one);
      } else {
        outermost.left.put(one.use(), Verdict.name(context));
      }
    }
    if (!leaks.isEmpty()) {
      leaks.forEach(one -> JUDGED.add(one.use()));
      throw new DescriptorLeakError(Verdict.text(context, leaks, left));
    }
  }

  /**
   * What is left and to be judged here.
   *
   * @param only of these; {@code null}: of all
   */
  private Map<Leftover.Use, Leftover> look(Collection<Leftover.Use> only) {
    Map<Leftover.Use, Leftover> found = new LinkedHashMap<>();
    for (Leftover one : Agent.openedSince(from())) {
      if ((only == null || only.contains(one.use())) && isMine(one)) {
        found.put(one.use(), one);
      }
    }
    return found;
  }

  private long from() {
    long from = begun ? since : System.nanoTime();
    for (Leftover.Use use : left.keySet()) {
      from = use.opened() - from < 0 ? use.opened() : from;
    }
    return from;
  }

  private boolean isMine(Leftover one) {
    if (JUDGED.contains(one.use())) {
      return false;
    }
    if (left.containsKey(one.use())) {
      return true;
    }
    boolean opened =
        begun
            && one.use().opened() - since >= 0
            && !one.isFromNowhere()
            && attribution.includes(one);
    if (opened && onPurpose.includes(one)) {
      // What a test may keep, its class may keep.
      JUDGED.add(one.use());
      return false;
    }
    return opened;
  }

  private static Set<Leftover.Use> lost(Collection<Leftover> leftovers) {
    Set<Leftover.Use> lost = new HashSet<>();
    for (Leftover one : leftovers) {
      if (one.isLost()) {
        lost.add(one.use());
      }
    }
    return lost;
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      // Somebody wants this thread to end: the verdict is not worth their wait.
      throw new IllegalStateException("interrupted while looking for what was left open", e);
    }
  }
}
