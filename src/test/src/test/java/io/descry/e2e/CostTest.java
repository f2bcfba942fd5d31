package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Descry costs no more than it did: bytes and system calls, which are counted, not times. */
class CostTest {
  private static final int FILES = 10_000;
  private static final int FEW = 1_000;
  private static final int MANY = 2_000;
  private static final int SCANS = 3;
  private static final int LOOKS = 3;

  /** What an open and close allocates: most of them, and on average. */
  private record Bytes(double most, double mean) {}

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.descry.e2e.Jdks#all")
  void anOpenAndCloseAllocatesNoMore(Jdks.Jdk jdk) {
    Map<String, Bytes> bare = allocated(new DescryJvm(jdk, "cost-bare").bare());
    Map<String, Bytes> none = allocated(agent(jdk, "cost-none").option("stacks", "none"));
    Map<String, Bytes> all = allocated(agent(jdk, "cost-all").option("stacks", "all"));
    Map<String, Bytes> plain = allocated(agent(jdk, "cost-default"));
    Map<String, Bound> without =
        Map.of(
            "FileInputStream", Bound.FILE_INPUT_STREAM,
            "FileChannel", Bound.FILE_CHANNEL,
            "Socket", Bound.SOCKET,
            "SocketChannel", Bound.SOCKET_CHANNEL);
    Map<String, Bound> with =
        Map.of(
            "FileInputStream", Bound.FILE_INPUT_STREAM_WITH_STACK,
            "FileChannel", Bound.FILE_CHANNEL_WITH_STACK,
            "Socket", Bound.SOCKET_WITH_STACK,
            "SocketChannel", Bound.SOCKET_CHANNEL_WITH_STACK);
    assertThat(bare).containsOnlyKeys(without.keySet());
    without.forEach((kind, bound) -> bound.check(jdk, none.get(kind).mean - bare.get(kind).mean));
    with.forEach((kind, bound) -> bound.check(jdk, all.get(kind).mean - bare.get(kind).mean));
    // How many of them get a stack depends on time; of connections, which take long, it may be all.
    for (String kind : List.of("FileInputStream", "FileChannel")) {
      without.get(kind).check(jdk, plain.get(kind).most - bare.get(kind).most);
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.descry.e2e.Jdks#all")
  void anOpenDescriptorTakesNoMoreHeap(Jdks.Jdk jdk) {
    double bare = heap(new DescryJvm(jdk, "cost-heap-bare").bare(), false);
    // Scans only when asked to: none goes on while the heap is measured.
    double with = heap(agent(jdk, "cost-heap").option("interval", "10m"), true);
    Bound.HEAP_OF_A_DESCRIPTOR.check(jdk, with - bare);
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.descry.e2e.Jdks#all")
  void aScanMakesNoMoreSystemCalls(Jdks.Jdk jdk) {
    SystemCalls.needStrace();
    try (RunningJvm program = holding(agent(jdk, "cost-calls").option("interval", "500ms"))) {
      program.say("mixed " + FEW);
      int few = held(program);
      double callsOfFew = callsOfAScan(program);
      program.say("mixed " + (MANY - FEW));
      int many = held(program);
      double callsOfMany = callsOfAScan(program);
      Bound.CALLS_AT_1000_DESCRIPTORS.check(jdk, callsOfFew);
      Bound.CALLS_OF_100_DESCRIPTORS.check(jdk, 100 * (callsOfMany - callsOfFew) / (many - few));
    }
  }

  private static double callsOfAScan(RunningJvm program) {
    // What is new is looked at more closely, and for some scans.
    program.dump("one");
    program.dump("another");
    return SystemCalls.ofAScan(program, SCANS);
  }

  /** The bytes of heap that one more open file takes, whoever keeps them. */
  private static double heap(DescryJvm jvm, boolean scans) {
    // Whatever collector the machine would choose, what is in use is known to the byte with this
    // one: nothing dead is left where it is, nor what is reached softly.
    jvm.jvm(
        "-XX:+UseSerialGC", "-XX:MarkSweepAlwaysCompactCount=1", "-XX:SoftRefLRUPolicyMSPerMB=0");
    try (RunningJvm program = holding(jvm)) {
      // Some first: what the first scans that see any load and keep is not of each.
      program.say("files " + FEW);
      held(program);
      long before = leastHeap(program, scans);
      program.say("files " + FILES);
      held(program);
      return (leastHeap(program, scans) - before) / (double) FILES;
    }
  }

  /** What is left once nothing of the start or of a scan is. */
  private static long leastHeap(RunningJvm program, boolean scans) {
    long least = Long.MAX_VALUE;
    for (int look = 0; look < LOOKS; look++) {
      for (int i = 0; scans && i < SCANS; i++) {
        program.dump("scan");
      }
      program.say("heap");
      least = Math.min(least, Long.parseLong(program.hear("heap ").substring("heap ".length())));
    }
    return least;
  }

  private static int held(RunningJvm program) {
    program.hear("holding ");
    return program.descriptors().targets().size();
  }

  private static RunningJvm holding(DescryJvm jvm) {
    // The JVM's threads are counted with: as many on every machine.
    RunningJvm program =
        jvm.jvm("-XX:ActiveProcessorCount=2").main("io.descry.lab.cost.Holding").start();
    program.hear("ready");
    return program;
  }

  /** With the options that users have. */
  private static DescryJvm agent(Jdks.Jdk jdk, String name) {
    return new DescryJvm(jdk, name).without("detail").without("interval");
  }

  private static Map<String, Bytes> allocated(DescryJvm jvm) {
    Map<String, Bytes> allocated = new HashMap<>();
    // The optimising compiler leaves out allocations that it finds needless, sooner or later.
    try (RunningJvm program =
        jvm.jvm("-XX:TieredStopAtLevel=1").main("io.descry.lab.cost.Allocating").start()) {
      assertThat(program.await()).as(() -> program.err().toString()).isZero();
      for (String line : program.out()) {
        String[] words = line.split(" ");
        allocated.put(
            words[0], new Bytes(Double.parseDouble(words[1]), Double.parseDouble(words[2])));
      }
    }
    return allocated;
  }
}
