package io.descry.os.tracer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Turns jmethodIDs into frames that print as those of a Throwable. Keeps no class: what it returns
 * is text. Not safe for several threads.
 */
final class JavaFrames {
  /** What stands for a method whose class is gone. */
  static final StackTraceElement UNLOADED =
      new StackTraceElement("<unloaded>", "<unknown>", null, -1);

  /**
   * What carries the annotation Hidden in java.base of 17 to 25 and can have called native code.
   */
  private static final Pattern HIDDEN =
      Pattern.compile(
          "java\\.lang\\.invoke\\.(?:VarHandleGuards|LambdaForm.*|\\w+\\$Holder)\\..*"
              + "|java\\.lang\\.invoke\\.MethodHandleImpl"
              + "\\.(?:guardWithCatch|loop|tryFinally|tableSwitch)"
              + "|jdk\\.internal\\.reflect\\.Direct\\w+HandleAccessor\\.invokeImpl"
              + "|jdk\\.internal\\.reflect\\.CsMethodAccessorAdapter\\.invoke"
              + "|java\\.lang\\.(?:Thread|ScopedValue\\$Carrier)\\.runWith"
              + "|java\\.lang\\.VirtualThread\\$VThreadContinuation\\$1\\.run"
              + "|jdk\\.internal\\.vm\\.Continuation\\.enter0");

  /** The class of the JDK's own loaders is nested in this one. */
  private static final String BUILT_IN = "jdk.internal.loader.ClassLoaders$";

  private final TracerCalls calls;
  private final Map<StackTraceElement, StackTraceElement> known = new HashMap<>();

  JavaFrames(TracerCalls calls) {
    this.calls = calls;
  }

  /**
   * The frames of a Java stack, without those that the JVM hides from stack traces: all methods of
   * hidden classes (JEP 371), such as lambdas, and some glue of the JDK.
   */
  List<StackTraceElement> of(long[] words) {
    List<StackTraceElement> frames = new ArrayList<>(words.length / 2);
    for (int i = 0; i + 1 < words.length; i += 2) {
      Object[] method = calls.method(words[i], (int) words[i + 1]);
      if (method == null) {
        frames.add(UNLOADED);
      } else if (!isHidden((Class<?>) method[0], (String) method[1])) {
        StackTraceElement frame = frame(method);
        StackTraceElement same = known.putIfAbsent(frame, frame);
        frames.add(same == null ? frame : same);
      }
    }
    return List.copyOf(frames);
  }

  private static boolean isHidden(Class<?> type, String method) {
    return type.isHidden()
        || type.getClassLoader() == null && HIDDEN.matcher(type.getName() + "." + method).matches();
  }

  /**
   * As StackTraceElement.computeFormat does for real frames: the names of the JDK's loaders and the
   * version of its modules are left out.
   */
  private static StackTraceElement frame(Object[] method) {
    Class<?> type = (Class<?>) method[0];
    ClassLoader loader = type.getClassLoader();
    Module module = type.getModule();
    return new StackTraceElement(
        loader == null || loader.getClass().getName().startsWith(BUILT_IN)
            ? null
            : loader.getName(),
        module.getName(),
        version(module),
        type.getName(),
        (String) method[1],
        (String) method[2],
        method[3] == null ? -1 : (Integer) method[3]);
  }

  private static String version(Module module) {
    if (!module.isNamed()) {
      return null;
    }
    String version = module.getDescriptor().rawVersion().orElse(null);
    // The modules of a JDK are built together, so they have java.base's version.
    String jdk = Object.class.getModule().getDescriptor().rawVersion().orElse(null);
    boolean isJdk =
        module.getLayer() == ModuleLayer.boot() && version != null && version.equals(jdk);
    return isJdk ? null : version;
  }
}
