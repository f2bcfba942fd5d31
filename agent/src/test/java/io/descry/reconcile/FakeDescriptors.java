package io.descry.reconcile;

import io.descry.os.Blind;
import io.descry.os.ChildHold;
import io.descry.os.Descriptor;
import io.descry.os.DescriptorSnapshot;
import io.descry.os.Failure;
import io.descry.os.Limits;
import io.descry.os.ProcessDescriptors;
import io.descry.os.ThreadStay;
import io.descry.os.ThreadWaits;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An operating system whose children hold what a test says. */
final class FakeDescriptors implements ProcessDescriptors {
  List<ChildHold> holds = List.of();
  List<Descriptor> asked;
  final Map<Integer, ThreadStay> stays = new HashMap<>();
  int staysAsked;
  final Set<Integer> closed = new HashSet<>();

  @Override
  public ThreadStay stay(int thread) {
    staysAsked++;
    return stays.get(thread);
  }

  @Override
  public boolean isClosed(int number) {
    return closed.contains(number);
  }

  @Override
  public List<ChildHold> heldByChildren(List<Descriptor> descriptors) {
    asked = descriptors;
    return holds;
  }

  @Override
  public String threadName(int thread) {
    return "thread-" + thread;
  }

  @Override
  public int count() {
    return -1;
  }

  @Override
  public DescriptorSnapshot snapshot() {
    return new DescriptorSnapshot(Instant.EPOCH, List.of(), 0);
  }

  @Override
  public ThreadWaits waits() {
    return ThreadWaits.unknown(Instant.EPOCH);
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
    return List.of();
  }

  @Override
  public List<Failure> failures() {
    return List.of();
  }

  @Override
  public void own(int number) {
    // Nothing is counted.
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
