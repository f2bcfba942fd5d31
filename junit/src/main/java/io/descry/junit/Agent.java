package io.descry.junit;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/**
 * Descry's agent in this JVM. It lives in a class loader of its own; what is asked and answered are
 * types of java.base, through the one class that it has in the boot loader.
 */
final class Agent {
  private static final String LEDGER = "io.descry.ledger.Ledger";
  private static final String INSTEAD =
      "\nStart the test JVM with -javaagent:/path/to/descry.jar instead, or run the tests unlooked at"
          + " with the configuration parameter descry.junit.required=false.";

  /** In a class of its own, so that it is found, or attached, when the first test needs it. */
  private static final class Found {
    static final LongFunction<?> AGENT;
    static final String REASON;

    static {
      LongFunction<?> agent = null;
      String reason = null;
      try {
        agent = find();
      } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
        reason = e instanceof IOException ? e.getMessage() : e.toString();
      }
      AGENT = agent;
      REASON = reason;
      if (reason != null) {
        System.err.println("descry: tests are not looked at: " + reason);
      }
    }
  }

  private Agent() {}

  /**
   * Whether it is there; attaches it when it is not yet.
   *
   * @throws ExtensionConfigurationException with the reason, when it cannot be had and must be
   *     there
   */
  static boolean isThere(Settings settings) {
    if (Found.AGENT == null && settings.mustHaveAgent()) {
      throw new ExtensionConfigurationException(
          "Descry cannot tell whether descriptors are leaked: " + Found.REASON + INSTEAD);
    }
    return Found.AGENT != null;
  }

  /** What was opened at this {@link System#nanoTime()} or later, and not closed by its owner. */
  static List<Leftover> openedSince(long nanos) {
    return ask(Found.AGENT, nanos);
  }

  private static LongFunction<?> find() throws IOException, ReflectiveOperationException {
    Object running = running();
    if (running == null) {
      Attachment.attach();
      running = running();
    }
    if (running == null) {
      throw new IOException("the agent was attached, but did not start");
    }
    if (!(running instanceof LongFunction<?> agent)) {
      throw new IOException("the agent in this JVM is of an earlier version");
    }
    prove(agent);
    return agent;
  }

  private static Object running() throws ReflectiveOperationException {
    try {
      return Class.forName(LEDGER, true, null).getMethod("running").invoke(null);
    } catch (ClassNotFoundException e) {
      // The usual case: the JVM was started without the agent.
      return null;
    }
  }

  /** An agent that sees nothing here would find every test clean. */
  private static void prove(LongFunction<?> agent) throws IOException {
    // The first answer comes when it is ready, and from then on it takes all stacks.
    ask(agent, System.nanoTime());
    long before = System.nanoTime();
    Path any = Path.of(System.getProperty("java.home"), "lib", "modules");
    try (InputStream open = new FileInputStream(any.toFile())) {
      boolean seen =
          ask(agent, before).stream()
              .flatMap(one -> one.java().stream())
              .anyMatch(frame -> Frames.isOf(Frames.bare(frame), Agent.class.getName()));
      if (!seen || open.read() < 0) {
        throw new IOException(
            "the agent does not see what is opened here, or takes no stacks (stacks=none);"
                + " its report lists under blind spots what it cannot see");
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static List<Leftover> ask(LongFunction<?> agent, long nanos) {
    return ((List<Map<String, Object>>) agent.apply(nanos)).stream().map(Leftover::of).toList();
  }
}
