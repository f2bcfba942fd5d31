package io.descry.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Answer;
import io.descry.os.Facts;
import io.descry.os.Kind;
import io.descry.reconcile.GroupKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class TargetsTest {
  private static final GroupKey FILE = World.file("read");

  private final World world = new World();

  @Test
  void filesWithoutNameAndManyOnOneFile() {
    World.Open deleted = world.open(FILE, World.FOREVER);
    deleted.facts = new Facts(Answer.YES, Answer.YES, Answer.NO, -1, Answer.UNKNOWN);
    for (int number = 10; number < 14; number++) {
      world.openAs(FILE, number, 77);
    }
    List<Evidence> evidence = evidence(FILE);
    assertThat(evidence).extracting(Evidence::type).containsExactly("deleted", "duplicates");
    assertThat(evidence.get(0).text()).startsWith("1 of 5 ");
    assertThat(evidence.get(0).check()).isEqualTo("cd /proc/42/fd && stat -Lc %h 3 | grep -cx 0");
    assertThat(evidence.get(1).text()).isEqualTo("4 of 5 lead to one file");
    assertThat(evidence.get(1).check()).contains(" 10 11 12 13 ");
  }

  @Test
  void nothingOfWhatIsInOrder() {
    world.open(FILE, 5, World.FOREVER);
    assertThat(evidence(FILE)).isEmpty();
  }

  @Test
  void anonymousInodesAreAllOne() {
    GroupKey epoll = World.foreign(Kind.EVENTPOLL);
    for (int number = 10; number < 14; number++) {
      world.openAs(epoll, number, 77);
    }
    assertThat(evidence(epoll)).isEmpty();
  }

  private List<Evidence> evidence(GroupKey key) {
    return new Targets(Commands.of(42)).evidence(Scan.of(1, world.reconcile()).of(key));
  }
}
