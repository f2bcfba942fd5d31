package io.descry.owner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OwnerModulesTest {
  @Test
  void theSimpleNamesAreThoseOfTheModules() {
    List<String> failures = new ArrayList<>();
    OwnerModules modules =
        OwnerModules.load(
            OwnerModules.class.getClassLoader(), (where, reason) -> failures.add(where));
    Set<String> names = new TreeSet<>();
    for (OwnerModules.Entry entry : modules.entries()) {
      String suffix = entry.type().suffix();
      names.add(suffix.substring(suffix.lastIndexOf('.') + 1));
    }
    assertThat(names).isEqualTo(new TreeSet<>(OwnerModules.SIMPLE_NAMES));
    assertThat(failures).isEmpty();
  }
}
