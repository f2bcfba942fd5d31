package io.descry.instrument;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Compares the doors with the classes of the JDK that runs this, without changing any of them. */
public final class DoorCheck {
  /**
   * How many classes with doors there are in this JDK, how many have all the methods that the table
   * names, and what is missing of the others.
   */
  public record Result(int classes, int whole, List<String> missing) {}

  private DoorCheck() {}

  /**
   * Compares. A row may be for another release: what is missing is for a person to judge.
   *
   * @throws IOException when a class of the JDK cannot be read
   */
  public static Result ofThisJdk() throws IOException {
    Map<String, List<Door>> byType =
        DoorTransformer.ofThisSystem().stream()
            .collect(Collectors.groupingBy(Door::type, LinkedHashMap::new, Collectors.toList()));
    int classes = 0;
    int whole = 0;
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, List<Door>> entry : byType.entrySet()) {
      byte[] bytes = read(entry.getKey());
      if (bytes == null) {
        continue;
      }
      classes++;
      List<String> unmatched =
          entry.getValue().stream()
              .filter(
                  door -> DoorWriter.write(bytes, List.of(door), "io/descry/ledger/Ledger") == null)
              .map(door -> door.type() + "." + door.method() + door.descriptor())
              .toList();
      if (unmatched.isEmpty()) {
        whole++;
      }
      missing.addAll(unmatched);
    }
    return new Result(classes, whole, List.copyOf(missing));
  }

  private static byte[] read(String type) throws IOException {
    try (InputStream in = ClassLoader.getSystemResourceAsStream(type + ".class")) {
      return in == null ? null : in.readAllBytes();
    }
  }
}
