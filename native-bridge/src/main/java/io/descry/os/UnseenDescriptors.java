package io.descry.os;

import java.time.Instant;
import java.util.List;

/** Stands in where Descry can ask the operating system nothing: everything is unknown. */
final class UnseenDescriptors implements ProcessDescriptors {
  private final Blind blind;

  UnseenDescriptors(String why) {
    blind = new Blind("every descriptor that Java did not open", Instant.now(), why);
  }

  @Override
  public int count() {
    return -1;
  }

  @Override
  public DescriptorSnapshot snapshot() {
    return new DescriptorSnapshot(Instant.now(), List.of(), 0);
  }

  @Override
  public ThreadWaits waits() {
    return ThreadWaits.unknown(Instant.now());
  }

  @Override
  public String threadName(int thread) {
    return null;
  }

  @Override
  public Limits limits() {
    return new Limits(Limits.UNKNOWN, Limits.UNKNOWN);
  }

  @Override
  public List<String> libraries() {
    return List.of();
  }

  @Override
  public List<Blind> blind() {
    return List.of(blind);
  }

  @Override
  public List<Failure> failures() {
    return List.of();
  }

  @Override
  public void own(int number) {
    // Nothing is counted, so nothing need be left out.
  }

  @Override
  public void disown(int number) {
    // As for own.
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
