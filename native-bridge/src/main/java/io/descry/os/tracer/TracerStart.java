package io.descry.os.tracer;

import io.descry.os.Blind;
import io.descry.os.JnaLoading;
import io.descry.os.tracer.Tracer.Stacks;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Starts the tracer of this process. */
final class TracerStart {
  private static final String WHAT = "who opened and closed descriptors in native code";

  /** Of one processor's time, as for the stacks of Java's opens. */
  private static final double STACKS_SHARE = 0.01;

  /** The library that is loaded, asked through one interface. */
  private static final class Loaded implements TracerCalls {
    @Override
    public void refresh() {
      TracerLibrary.refresh();
    }

    @Override
    public Object[] method(long methodId, int bci) {
      return TracerLibrary.method(methodId, bci);
    }

    @Override
    public String[] calls() {
      return TracerLibrary.calls();
    }

    @Override
    public String demangle(String symbol) {
      return TracerLibrary.demangle(symbol);
    }

    @Override
    public String reason() {
      return TracerLibrary.reason();
    }
  }

  private TracerStart() {}

  static Tracer start(Stacks stacks) {
    if (!System.getProperty("os.name").equals("Linux")) {
      return off("the native tracer knows Linux only");
    }
    try {
      return started(stacks);
    } catch (Throwable t) {
      // Whatever it is, the rest of Descry works without the tracer.
      return off("the native tracer: " + (t.getMessage() == null ? t : t.getMessage()));
    }
  }

  private static Tracer started(Stacks stacks) {
    Path library = TracerLibrary.load();
    List<String> own = new ArrayList<>(List.of(library.toString()));
    String jna = JnaLoading.once().library();
    if (jna != null) {
      own.add(jna);
    }
    ByteBuffer memory =
        TracerLibrary.start(
            System.getProperty("java.home"),
            own.toArray(String[]::new),
            STACKS_SHARE,
            number(stacks));
    try {
      return new NativeTracer(new Region(memory), new Loaded());
    } catch (RuntimeException | Error e) {
      TracerLibrary.stop();
      throw e;
    }
  }

  private static int number(Stacks stacks) {
    return switch (stacks) {
      case NONE -> TracerLibrary.STACKS_NONE;
      case BUDGET -> TracerLibrary.STACKS_BUDGET;
      case ALL -> TracerLibrary.STACKS_ALL;
    };
  }

  private static Tracer off(String why) {
    return new TracerOff(List.of(new Blind(WHAT, Instant.now(), why)));
  }
}
