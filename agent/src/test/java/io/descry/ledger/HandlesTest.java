package io.descry.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandlesTest {
  /** Numbers that no other test uses. */
  private static final int FIRST = 600_000;

  @Test
  void theLastUseOfANumberCounts() {
    Object earlier = new Object();
    Object later = new Object();
    Handles.opened(earlier, FIRST, 1);
    Handles.opened(later, FIRST, 2);
    Handles.closing(earlier, FIRST);
    assertThat(Handles.entry(FIRST).closed()).isFalse();
    assertThat(Handles.entry(FIRST).type()).isEqualTo(2);
    assertThat(Handles.entry(FIRST).owner()).isSameAs(later);
    Handles.closing(later, FIRST);
    assertThat(Handles.entry(FIRST).closed()).isTrue();
    assertThat(Handles.entry(FIRST).ownerCollected()).isFalse();
    assertThat(Handles.entry(FIRST).owner()).isNull();
  }

  @Test
  void aNumberThatAnotherObjectStillStandsForIsShared() {
    Object first = new Object();
    Object second = new Object();
    Handles.opened(first, FIRST + 40, 1);
    assertThat(Handles.entry(FIRST + 40).shared()).isFalse();
    Handles.opened(second, FIRST + 40, 1);
    assertThat(Handles.entry(FIRST + 40).shared()).isTrue();
    Handles.closing(second, FIRST + 40);
    Handles.opened(first, FIRST + 40, 1);
    assertThat(Handles.entry(FIRST + 40).shared()).isFalse();
    Handles.closing(first, FIRST + 40);
  }

  @Test
  void anOwnerWithoutCloseIsCollected() throws InterruptedException {
    Handles.opened(new Object(), FIRST + 1, 1);
    awaitCleared(new WeakReference<>(new Object()), FIRST + 1);
    assertThat(Handles.entry(FIRST + 1).ownerCollected()).isTrue();
    assertThat(Handles.entry(FIRST + 1).closed()).isFalse();
  }

  @Test
  void oneObjectIsOneHandle() {
    Object owner = new Object();
    Handles.opened(owner, "some/path", 3);
    Handles.opened(owner, "another/path", 3);
    assertThat(of(owner)).singleElement().extracting(HandleEntry::path).isEqualTo("some/path");
    Handles.closing(owner);
    assertThat(of(owner)).isEmpty();
    Handles.opened(owner, "another/path", 3);
    assertThat(of(owner)).singleElement().extracting(HandleEntry::path).isEqualTo("another/path");
    Handles.closing(owner);
  }

  @Test
  void equalObjectsAreNotTheSame() {
    String one = new String("equal");
    String other = new String("equal");
    Handles.opened(one, null, 4);
    Handles.opened(other, null, 4);
    Handles.closing(one);
    assertThat(of(one)).isEmpty();
    assertThat(of(other)).hasSize(1);
    Handles.closing(other);
  }

  @Test
  void aFileDescriptorGetsItsNumberLaterAndLosesItAtTheClose() throws IOException {
    Object owner = new Object();
    FileDescriptor early = new FileDescriptor();
    Handles.opened(owner, early, 5);
    assertThat(of(owner)).singleElement().extracting(HandleEntry::number).isEqualTo(-1);
    Handles.closing(owner);
    FileInputStream in = new FileInputStream("/dev/null");
    Handles.opened(owner, in.getFD(), 5);
    HandleEntry entry = of(owner).get(0);
    assertThat(entry.number()).isPositive();
    in.close();
    entry.number();
    assertThat(entry.closed()).isTrue();
    assertThat(Handles.others()).doesNotContain(entry);
  }

  @Test
  void partsKnowTheirWhole() {
    Object part = new Object();
    Object whole = new StringBuilder();
    Handles.opened(part, FIRST + 2, 6);
    Handles.part(part, whole, 7);
    HandleEntry entry = Handles.entry(FIRST + 2);
    assertThat(entry.whole()).isSameAs(whole);
    assertThat(entry.wholeType()).isEqualTo(7);
    assertThat(entry.wholeClassName()).isEqualTo("java.lang.StringBuilder");
    Handles.closing(part, FIRST + 2);
    assertThat(entry.whole()).isNull();
  }

  @Test
  void whatMakesNoSenseIsNoHandleAndNoFailure() {
    Handles.opened(null, FIRST + 3, 1);
    Handles.opened(new Object(), -1, 1);
    Handles.opened(null, "path", 1);
    Handles.part(null, new Object(), 1);
    Handles.part(new Object(), null, 1);
    Handles.closing(null);
    Handles.closing(new Object(), -1);
    Handles.closing(new Object(), Integer.MAX_VALUE);
    assertThat(Handles.entry(FIRST + 3)).isNull();
    assertThat(Handles.fault()).isNull();
  }

  @Test
  void runtimesThatAreNeverClosedAreBounded() {
    Object[] many = new Object[21_000];
    long lost = Handles.lost();
    for (int i = 0; i < many.length; i++) {
      many[i] = new Object();
      Handles.opened(many[i], null, 8);
    }
    assertThat(Handles.lost()).isGreaterThan(lost);
    assertThat(Handles.others()).hasSizeLessThanOrEqualTo(20_000);
    for (Object each : many) {
      Handles.closing(each);
    }
    Object another = new Object();
    Handles.opened(another, null, 8);
    assertThat(of(another)).hasSize(1);
    Handles.closing(another);
  }

  private static List<HandleEntry> of(Object owner) {
    return Handles.others().stream().filter(entry -> entry.owner() == owner).toList();
  }

  private static void awaitCleared(WeakReference<Object> probe, int number)
      throws InterruptedException {
    for (int i = 0; i < 100 && !Handles.entry(number).ownerCollected(); i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertThat(probe.get()).isNull();
  }
}
