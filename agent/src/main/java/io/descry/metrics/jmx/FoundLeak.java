package io.descry.metrics.jmx;

import io.descry.detect.Evidence;
import io.descry.detect.Finding;
import io.descry.reconcile.Library;
import io.descry.reconcile.Site;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;

/** A finding, as JMX clients see it. */
public final class FoundLeak {
  private final Finding finding;

  FoundLeak(Finding finding) {
    this.finding = finding;
  }

  /** Its name for as long as the process lives. */
  public String getId() {
    return finding.id();
  }

  /** Which rule found it. */
  public String getRule() {
    return finding.rule();
  }

  /** {@code certain}, {@code probable} or {@code suspect}. */
  public String getConfidence() {
    return finding.confidence().label();
  }

  /** Whether it is no leak but a bug. */
  public boolean isHazard() {
    return finding.hazard();
  }

  /** Who is answerable. */
  public String getOwner() {
    return finding.group().owner().label();
  }

  /** Name and version of the native library; {@code null} for other owners. */
  public String getLibrary() {
    Library library = finding.group().library();
    if (library == null) {
      return null;
    }
    return Shown.text(
        library.version() == null ? library.name() : library.name() + " " + library.version());
  }

  /** What the descriptors are. */
  public String getKind() {
    return finding.group().kind().label();
  }

  /** How many it speaks of. */
  public int getCount() {
    return finding.count();
  }

  /** The line of the application that opened them; {@code null} when unknown. */
  public String getSite() {
    return finding.group().site().applicationFrame().map(Shown::text).orElse(null);
  }

  /** The stack, innermost frame first, native frames before Java's. */
  public List<String> getStack() {
    Site site = finding.group().site();
    return Shown.texts(Stream.concat(site.natives().stream(), site.java().stream()));
  }

  /** The facts. */
  public List<String> getEvidence() {
    return Shown.texts(finding.evidence().stream().map(Evidence::text));
  }

  /** The commands that check them by hand, in the same order. */
  public List<String> getChecks() {
    return Shown.texts(finding.evidence().stream().map(Evidence::check));
  }

  /** When it first held. */
  public Date getFirstSeen() {
    return Date.from(finding.firstSeen());
  }

  /** How fast the count rises; 0 when it does not, NaN when unknown. */
  public double getRatePerMinute() {
    return finding.ratePerMinute();
  }

  /** When the limit is reached at this rate; {@code null} when it is not. */
  public Date getExhaustion() {
    return finding.exhaustion() == null ? null : Date.from(finding.exhaustion());
  }

  /** What to do, most useful first. */
  public List<String> getAdvice() {
    return Shown.texts(finding.advice().stream());
  }
}
