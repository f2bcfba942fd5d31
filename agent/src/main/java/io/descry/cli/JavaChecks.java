package io.descry.cli;

import io.descry.cli.Check.Answer;
import java.util.List;

/** What is asked of the Java runtime, on every system. */
final class JavaChecks {
  private static final int OLDEST = 17;

  private JavaChecks() {}

  /** All of them. */
  static List<Check> all() {
    return List.of(
        new Check("java", Check.System.ANY, () -> version(Runtime.version().feature())),
        new Check("attach", Check.System.ANY, JavaChecks::attach));
  }

  static Answer version(int feature) {
    String here =
        java.lang.System.getProperty("java.runtime.version")
            + " in "
            + java.lang.System.getProperty("java.home");
    return feature >= OLDEST
        ? Answer.ok(here)
        : Answer.failed(here + "; Descry needs " + OLDEST + " or later");
  }

  private static Answer attach() {
    return ModuleLayer.boot().findModule("jdk.attach").isPresent()
        ? Answer.ok("attach, report PID and top work from this Java, for JVMs of this user")
        : Answer.limited(
            "this Java has no module jdk.attach, so attach, report PID and top need a JDK;"
                + " -javaagent does not");
  }
}
