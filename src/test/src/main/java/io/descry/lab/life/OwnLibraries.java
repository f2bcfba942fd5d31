package io.descry.lab.life;

import com.sun.jna.Native;
import io.descry.lab.Dialogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.implementation.FixedValue;
import net.bytebuddy.matcher.ElementMatchers;
import org.slf4j.LoggerFactory;

/**
 * An application with its own versions of what the agent brings too: it works with each, and says
 * where each came from.
 */
public final class OwnLibraries {
  private OwnLibraries() {}

  /** The program. */
  public static void main(String[] args) throws Exception {
    Dialogue.say("jna " + Native.VERSION + " " + Native.getNativeSize(long.class));
    Object made =
        new ByteBuddy()
            .subclass(Object.class)
            .method(ElementMatchers.isToString())
            .intercept(FixedValue.value("made"))
            .make()
            .load(OwnLibraries.class.getClassLoader())
            .getLoaded()
            .getDeclaredConstructor()
            .newInstance();
    Dialogue.say("byte-buddy " + made);
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    registry.counter("lab").increment();
    Dialogue.say("micrometer " + registry.get("lab").counter().count());
    LoggerFactory.getLogger("lab")
        .warn("logged by {}", LoggerFactory.getILoggerFactory().getClass());
    for (Class<?> type :
        new Class<?>[] {
          Native.class,
          ByteBuddy.class,
          SimpleMeterRegistry.class,
          LoggerFactory.class,
          ch.qos.logback.classic.Logger.class
        }) {
      Dialogue.say("from " + type.getProtectionDomain().getCodeSource().getLocation());
    }
    Dialogue.ask("done");
  }
}
