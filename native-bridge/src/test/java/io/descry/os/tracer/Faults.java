package io.descry.os.tracer;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Does, in a JVM of its own and with every stack taken, what upset tracers before. Prints "passed"
 * and nothing else.
 *
 * <p>Arguments: the directory of the libraries of faults.c and vforks.c, the fault, and how much of
 * it.
 */
public final class Faults {
  private static final AtomicBoolean DONE = new AtomicBoolean();

  private static ByteBuffer region;
  private static volatile Object garbage;

  private Faults() {}

  static native void openAndClose(int times);

  static native int open();

  static native void fork(int times);

  static native void vfork(int times, int closedByChild);

  static native void signals(int micros);

  static native void allocate(int times);

  static native void critical(byte[] array, int times);

  static native void pending();

  static native void threads(int times);

  /** Called back by threads of native code. */
  static void called() {
    openAndClose(10);
  }

  /** One that its own class loader loads, so that it can be unloaded. */
  public static final class Unloaded {
    private Unloaded() {}

    /** Opens through a class that stays. */
    public static void run(Runnable opens) {
      opens.run();
    }
  }

  private static final class Once extends ClassLoader {
    Class<?> define(String name) throws IOException {
      String file = "/" + name.replace('.', '/') + ".class";
      try (InputStream in = Faults.class.getResourceAsStream(file)) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      }
    }
  }

  /** Starts the tracer and runs one fault. */
  public static void main(String[] arguments) throws Exception {
    TracerLibrary.load();
    System.load(arguments[0] + "/libfaults.so");
    System.load(arguments[0] + "/libvforks.so");
    start();
    int much = Integer.parseInt(arguments[2]);
    switch (arguments[1]) {
      case "fork" -> during(Faults::collect, () -> fork(much));
      case "vfork" -> during(Faults::collect, () -> vforkTimes(much));
      case "signals" -> signalsEverywhere(much);
      case "critical" -> during(Faults::collect, () -> criticalTimes(much));
      case "pending" -> pendingTimes(much);
      case "threads" -> during(Faults::collect, () -> threads(much));
      case "virtual" -> virtual(much);
      case "processes" -> during(() -> openAndClose(100), () -> processes(much));
      case "launches" -> during(Faults::openInJava, () -> launches(much));
      case "unloading" -> during(Faults::nameAll, () -> unloading(much));
      case "hooking" -> during(() -> openAndClose(100), () -> hooking(much));
      case "exit" -> exit(much);
      default -> throw new IllegalArgumentException(arguments[1]);
    }
    System.out.println("passed");
  }

  private static void start() {
    String[] none = {};
    region =
        TracerLibrary.start(System.getProperty("java.home"), none, 1, TracerLibrary.STACKS_ALL)
            .order(ByteOrder.nativeOrder());
    if (TracerLibrary.reason() != null) {
      throw new IllegalStateException(TracerLibrary.reason());
    }
  }

  private interface Fault {
    void run() throws Exception;
  }

  /** Three threads do the one again and again while the other runs. */
  private static void during(Fault background, Fault fault) throws Exception {
    List<Throwable> failures = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  while (!DONE.get()) {
                    background.run();
                  }
                } catch (Exception e) {
                  synchronized (failures) {
                    failures.add(e);
                  }
                }
              });
      thread.start();
      threads.add(thread);
    }
    try {
      fault.run();
    } finally {
      DONE.set(true);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (!failures.isEmpty()) {
      throw new IllegalStateException(failures.get(0));
    }
  }

  private static void collect() {
    for (int i = 0; i < 200; i++) {
      garbage = new byte[50_000];
    }
    openAndClose(5);
    System.gc();
  }

  private static void vforkTimes(int times) {
    int number = open();
    vfork(times, number);
    if (state(number) != 1) {
      throw new AssertionError("a child closed the parent's number");
    }
  }

  private static void signalsEverywhere(int rounds) throws Exception {
    during(
        () -> interrupted(() -> garbage = new byte[50_000]),
        () -> {
          for (int i = 0; i < rounds; i++) {
            interrupted(Faults::nameAll);
          }
        });
  }

  /** In native code, in the allocator, in compiled and in the JVM's own code. */
  private static void interrupted(Runnable java) {
    signals(100);
    for (int i = 0; i < 20; i++) {
      allocate(1_000);
      openAndClose(20);
      java.run();
    }
    signals(0);
  }

  private static void criticalTimes(int times) {
    for (int i = 0; i < times; i++) {
      critical(new byte[1000], 5);
    }
  }

  private static void pendingTimes(int times) {
    for (int i = 0; i < times; i++) {
      try {
        pending();
        throw new AssertionError("nothing was thrown");
      } catch (IllegalStateException e) {
        if (!"pending".equals(e.getMessage())) {
          throw e;
        }
      }
    }
  }

  /** By reflection, for JDK 17 has none. Each opens once, with the line that started it on top. */
  private static void virtual(int times) throws Exception {
    Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
    List<Thread> threads = new ArrayList<>();
    int[] numbers = new int[times];
    for (int i = 0; i < times; i++) {
      int index = i;
      Runnable opens = () -> numbers[index] = open();
      threads.add((Thread) start.invoke(null, opens));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    for (int number : numbers) {
      String stack = javaStack(number).toString();
      if (!stack.contains("open, ") || !stack.contains("lambda$virtual")) {
        throw new AssertionError("number " + number + ": " + stack);
      }
    }
  }

  private static void processes(int times) throws Exception {
    for (int i = 0; i < times; i++) {
      Process process = new ProcessBuilder("true").start();
      if (process.waitFor() != 0) {
        throw new AssertionError("it failed");
      }
    }
  }

  private static void openInJava() throws IOException {
    for (int i = 0; i < 100; i++) {
      new FileInputStream("/dev/null").close();
    }
  }

  /**
   * Children that close all that their parent has, through the same functions of libjava. What
   * native code and what Java opened stays as it was recorded.
   */
  private static void launches(int times) throws Exception {
    Path file = Files.createTempFile("descry", null);
    FileInputStream javas = new FileInputStream(file.toFile());
    try {
      int[] numbers = {open(), numberOf(file)};
      int[] sequences = {sequence(numbers[0]), sequence(numbers[1])};
      for (int i = 0; i < times; i++) {
        processes(1);
        openInJava();
        for (int j = 0; j < numbers.length; j++) {
          if (state(numbers[j]) != 1 || sequence(numbers[j]) != sequences[j]) {
            throw new AssertionError("a child changed the record of " + numbers[j]);
          }
        }
      }
    } finally {
      javas.close();
      Files.delete(file);
    }
  }

  private static int numberOf(Path file) throws IOException {
    for (String number : new File("/proc/self/fd").list()) {
      try {
        if (Files.readSymbolicLink(Path.of("/proc/self/fd", number)).equals(file)) {
          return Integer.parseInt(number);
        }
      } catch (NoSuchFileException e) {
        // Another thread's, and closed since it was listed.
      }
    }
    throw new AssertionError("not open: " + file);
  }

  private static void unloading(int times) throws Exception {
    Runnable opens = () -> openAndClose(1);
    for (int i = 0; i < times; i++) {
      Class<?> unloaded = new Once().define(Unloaded.class.getName());
      unloaded.getMethod("run", Runnable.class).invoke(null, opens);
      if (i % 5 == 0) {
        System.gc();
      }
    }
  }

  private static void hooking(int times) throws Exception {
    for (int i = 0; i < times; i++) {
      TracerLibrary.stop();
      Thread.sleep(1);
      start();
      TracerLibrary.refresh();
    }
  }

  /** Leaves with threads in hooks: those of Java, which are daemons, and one that is not. */
  private static void exit(int status) throws Exception {
    for (int i = 0; i < 4; i++) {
      Thread thread = new Thread(() -> openAndClose(Integer.MAX_VALUE));
      thread.setDaemon(i < 3);
      thread.start();
    }
    Thread.sleep(20);
    System.out.println("passed");
    System.exit(status);
  }

  private static void nameAll() {
    int stacks = (int) region.getLong(24);
    for (int i = 1; i < region.getInt(32); i++) {
      int stack = stacks + i * 32;
      if (region.get(stack + 21) != 0 && region.get(stack + 20) == 2) {
        name(stack);
      }
    }
  }

  private static int state(int number) {
    return region.get((int) region.getLong(8) + number * 128 + 4);
  }

  private static int sequence(int number) {
    return region.getInt((int) region.getLong(8) + number * 128);
  }

  private static List<Object> javaStack(int number) {
    int index = region.getInt((int) region.getLong(8) + number * 128 + 36);
    return index == 0 ? List.of() : name((int) region.getLong(24) + index * 32);
  }

  private static List<Object> name(int stack) {
    List<Object> names = new ArrayList<>();
    int words = (int) region.getLong(40) + 8 * (int) region.getLong(stack + 8);
    for (int i = 0; i < region.getInt(stack + 16); i++) {
      int frame = words + 16 * i;
      Object[] method =
          TracerLibrary.method(region.getLong(frame), (int) region.getLong(frame + 8));
      names.add(method == null ? "unloaded" : List.of(method[0], method[1], method[3]));
    }
    return names;
  }
}
