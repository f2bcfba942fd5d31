package io.descry.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NumberedTest {
  private final Numbered<String> numbered = new Numbered<>();

  @Test
  void eachNumberHasWhatItWasGivenLast() {
    for (int number : new int[] {0, 1023, 1024, 70_000, 1 << 20}) {
      assertThat(numbered.get(number)).isNull();
      numbered.put(number, "first");
      numbered.put(number, "of " + number);
    }
    assertThat(numbered.get(0)).isEqualTo("of 0");
    assertThat(numbered.get(1 << 20)).isEqualTo("of " + (1 << 20));
    assertThat(numbered.get(2)).isNull();
  }

  @Test
  void retainGoesUpwardsAndLetsGo() {
    for (int number : new int[] {5000, 7, 70_000, 1024}) {
      numbered.put(number, "" + number);
    }
    List<String> asked = new ArrayList<>();
    numbered.retain(
        value -> {
          asked.add(value);
          return value.equals("1024");
        });
    assertThat(asked).containsExactly("7", "1024", "5000", "70000");
    assertThat(numbered.get(7)).isNull();
    assertThat(numbered.get(70_000)).isNull();
    assertThat(numbered.get(1024)).isEqualTo("1024");
  }
}
