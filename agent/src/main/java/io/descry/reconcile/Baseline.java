package io.descry.reconcile;

import io.descry.ledger.Ledger;
import io.descry.os.Descriptor;
import io.descry.os.DescriptorSnapshot;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What was open before the agent: the numbers and what they led to, read once the doors are
 * advised.
 *
 * @param targets what each number led to
 */
public record Baseline(Map<Integer, String> targets) {
  private static final String DESCRIPTORS = "/proc/self/fd";

  public Baseline {
    targets = Map.copyOf(targets);
  }

  /**
   * Reads what is open now; empty where there is no {@code /proc}. Opens nothing that stays open.
   */
  public static Baseline take() {
    Map<Integer, String> targets = new HashMap<>();
    String[] numbers = new File(DESCRIPTORS).list();
    if (numbers != null) {
      for (String number : numbers) {
        try {
          Path link = Path.of(DESCRIPTORS, number);
          targets.put(Integer.valueOf(number), Files.readSymbolicLink(link).toString());
        } catch (IOException e) {
          // Closed since the listing, as the listing's own descriptor always is: not inherited.
          continue;
        }
      }
    }
    return new Baseline(targets);
  }

  /**
   * What a snapshot shows and the ledger does not: where nothing can be listed without JNA, which
   * starts beside the application, that is taken for what was open before.
   */
  public static Baseline of(DescriptorSnapshot snapshot) {
    Map<Integer, String> targets = new HashMap<>();
    for (Descriptor descriptor : snapshot.descriptors()) {
      if (Ledger.entry(descriptor.number()) == null) {
        targets.put(descriptor.number(), descriptor.target());
      }
    }
    return new Baseline(targets);
  }
}
