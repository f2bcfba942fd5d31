package io.descry.os.tracer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.StackWalker.StackFrame;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Frames made here must print as those that the JVM made for the same call. */
class JavaFramesTest {
  /** What a stack walk sees, hidden frames too, and what a Throwable prints of the same. */
  public static final class Taken implements Callable<Object[]> {
    private static final StackWalker WALKER =
        StackWalker.getInstance(
            Set.of(
                StackWalker.Option.SHOW_HIDDEN_FRAMES, StackWalker.Option.RETAIN_CLASS_REFERENCE));

    @Override
    public Object[] call() {
      Supplier<Object[]> hidden =
          () -> new Object[] {WALKER.walk(frames -> frames.toList()), new Throwable()};
      return hidden.get();
    }
  }

  /** Defines {@link Taken} anew, under a name of its own. */
  private static final class Loader extends ClassLoader {
    Loader() {
      super("plug-ins", JavaFramesTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      return name.equals(Taken.class.getName()) ? define(name) : super.loadClass(name, resolve);
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      String resource = name.substring(name.lastIndexOf('.') + 1) + ".class";
      try (InputStream in = JavaFramesTest.class.getResourceAsStream(resource)) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  @Test
  void theyPrintAsTheJvmsOwn() throws Exception {
    check(new Taken().call());
  }

  @Test
  void theyHideWhatTheJvmHidesBeneath() throws Exception {
    MethodHandle call =
        MethodHandles.lookup()
            .findVirtual(Taken.class, "call", MethodType.methodType(Object[].class));
    Method reflected = MethodHandle.class.getMethod("invokeWithArguments", Object[].class);
    FutureTask<Object> task =
        new FutureTask<>(() -> reflected.invoke(call, (Object) new Object[] {new Taken()}));
    new Thread(task).start();
    check((Object[]) task.get());
  }

  @Test
  void theyNameLoadersThatAreNotTheJdks() throws Exception {
    Object taken =
        new Loader().loadClass(Taken.class.getName()).getDeclaredConstructor().newInstance();
    List<String> frames = check((Object[]) ((Callable<?>) taken).call());
    assertThat(frames).anyMatch(frame -> frame.startsWith("plug-ins//io.descry.os.tracer."));
  }

  private static List<String> check(Object[] taken) {
    FakeCalls calls = new FakeCalls();
    StackTraceElement[] expected = ((Throwable) taken[1]).getStackTrace();
    long[] words = words((List<?>) taken[0], calls);
    List<StackTraceElement> frames = new JavaFrames(calls).of(words);
    // The walk's own frames are innermost, its Throwable is none.
    List<String> named = frames.stream().map(StackTraceElement::toString).toList();
    List<String> last = named.subList(named.size() - expected.length + 1, named.size());
    assertThat(last)
        .containsExactlyElementsOf(
            List.of(expected).subList(1, expected.length).stream()
                .map(StackTraceElement::toString)
                .toList());
    assertThat(words.length / 2).isGreaterThan(frames.size());
    return last;
  }

  private static long[] words(List<?> walked, FakeCalls calls) {
    long[] words = new long[walked.size() * 2];
    for (int i = 0; i < walked.size(); i++) {
      StackFrame frame = (StackFrame) walked.get(i);
      String method = frame.getMethodName();
      words[2 * i] = i + 1;
      words[2 * i + 1] = frame.getLineNumber();
      calls.methods.put(
          i + 1L, new Object[] {frame.getDeclaringClass(), method, frame.getFileName()});
    }
    return words;
  }

  @Test
  void frameworkVersionsAreNotPrinted() {
    FakeCalls calls = new FakeCalls();
    calls.methods.put(1L, new Object[] {Locale.class, "of", null});
    assertThat(new JavaFrames(calls).of(new long[] {1, -1}))
        .map(StackTraceElement::toString)
        .containsExactly("java.base/java.util.Locale.of(Unknown Source)");
  }
}
