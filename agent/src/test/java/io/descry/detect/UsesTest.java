package io.descry.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Answer;
import io.descry.os.Facts;
import io.descry.os.Kind;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import org.junit.jupiter.api.Test;

class UsesTest {
  private static final GroupKey EVENTFD = World.foreign(Kind.EVENTFD);

  private final World world = new World();
  private final Uses uses = new Uses();
  private long tick;

  @Test
  void aFileThatIsReadIsInUseForAsLongAgain() {
    GroupKey file = World.file("read");
    World.Open open = world.open(file, World.FOREVER);
    assertThat(counts(file)).isTrue();
    for (int i = 0; i < 10; i++) {
      open.position += 100;
      assertThat(counts(file)).isFalse();
    }
    for (int i = 0; i < 10; i++) {
      assertThat(counts(file)).isFalse();
    }
    assertThat(counts(file)).isTrue();
  }

  @Test
  void anEventfdWhoseCounterChanges() {
    World.Open open = world.open(EVENTFD, World.FOREVER);
    open.facts = count(0);
    counts(EVENTFD);
    open.facts = count(-1);
    assertThat(counts(EVENTFD)).isTrue();
    open.facts = count(3);
    assertThat(counts(EVENTFD)).isFalse();
  }

  @Test
  void anotherUseOfTheNumberIsNoUseOfThisOne() {
    World.Open open = world.open(EVENTFD, World.FOREVER);
    open.facts = count(0);
    counts(EVENTFD);
    open.facts = count(5);
    open.scans = 0;
    assertThat(counts(EVENTFD)).isTrue();
  }

  private static Facts count(long count) {
    return new Facts(Answer.NO, Answer.NO, Answer.NO, count, Answer.UNKNOWN);
  }

  private boolean counts(GroupKey key) {
    var facts = world.reconcile();
    uses.see(++tick, facts);
    Scan scan = Scan.of(tick, facts, world.waits(), uses);
    OwnedDescriptor only = scan.of(key).get(0);
    return scan.counts(only);
  }
}
