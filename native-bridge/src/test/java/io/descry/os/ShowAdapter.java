package io.descry.os;

import java.util.List;

/** Prints which adapter this JVM gets and what it says. Run by {@link Forked}. */
final class ShowAdapter {
  private ShowAdapter() {}

  public static void main(String[] args) {
    try (ProcessDescriptors adapter = ProcessDescriptors.ofThisProcess()) {
      System.out.println("adapter " + adapter.getClass().getSimpleName());
      System.out.println("counts " + counts(adapter));
      adapter
          .snapshot()
          .descriptors()
          .forEach(seen -> System.out.println("target " + seen.target()));
      adapter.blind().forEach(blind -> System.out.println("blind " + blind.why()));
      adapter.failures().forEach(failure -> System.out.println("failure " + failure));
      System.getProperties()
          .forEach(
              (key, value) -> {
                if (key.toString().startsWith("jn")) {
                  System.out.println("property " + key + "=" + value);
                }
              });
      for (String refusal : refusals()) {
        System.out.println("refusal " + refusal);
      }
    }
  }

  /**
   * Whether the count is that of the snapshot. The JVM's own threads open and close files between
   * the two, such as those of the control group, so it may take more than one look.
   */
  private static boolean counts(ProcessDescriptors adapter) {
    for (int look = 0; look < 20; look++) {
      if (adapter.count() == adapter.snapshot().descriptors().size()) {
        return true;
      }
    }
    return false;
  }

  private static List<String> refusals() {
    try {
      return JnaLoading.once().refusals();
    } catch (LinkageError e) {
      return List.of(e.toString());
    }
  }
}
