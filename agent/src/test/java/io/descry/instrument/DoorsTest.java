package io.descry.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.ledger.Ledger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.bytebuddy.jar.asm.Type;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Compares the table of doors with the JDK that runs this test. */
class DoorsTest {
  private static final Pattern SOUNDS_LIKE =
      Pattern.compile(
          "(?i)(pre)?(open|close|socket(pair|create|accept|close)?|accept|dup|create|attach|branch)"
              + "(0|2|at0?|dir0?|IntFD|FileExclusively0?)?|makePipe|eventfd0?|inotifyInit"
              + "|forkAndExec|(un)?lockFile0|cleanupClose0|fdopendir|datagramSocket.*"
              + "|memfd.*|pidfd.*|timerfd.*|signalfd.*|epollCreate.*|io_?uring.*|openat.*");

  private static final Set<String> RELEASES_WITHOUT =
      Set.of("java/net/AbstractPlainSocketImpl", "java/net/AbstractPlainDatagramSocketImpl");

  private static Map<String, byte[]> classes;

  /** Native methods that sound like opening or closing, with the methods that call them. */
  private static Map<String, Set<String>> callers;

  @BeforeAll
  static void readTheJdk() {
    classes = JdkClasses.all();
    callers = new NativeSearch(classes, SOUNDS_LIKE, Set.of()).callers();
  }

  @Test
  void everyNativeMethodThatOpensOrClosesIsAccountedFor() {
    List<String> unaccounted =
        callers.keySet().stream()
            .filter(name -> !AccountedNatives.ADVISED.contains(name))
            .filter(name -> !AccountedNatives.LEFT_ALONE.containsKey(name))
            .filter(name -> AccountedNatives.OTHER_PACKAGES.stream().noneMatch(name::startsWith))
            .toList();
    assertThat(unaccounted).as("natives that nobody has looked at").isEmpty();
    assertThat(callers).as("the search itself finds something").hasSizeGreaterThan(25);
  }

  @Test
  void everyCallerOfAnAdvisedNativeIsAdvised() {
    List<String> missing = new ArrayList<>();
    callers.forEach(
        (called, by) -> {
          if (AccountedNatives.ADVISED.contains(called)) {
            assertThat(by).as("callers of " + called).isNotEmpty();
            for (String caller : by) {
              String door = AccountedNatives.ADVISED_ELSEWHERE.getOrDefault(caller, caller);
              if (!isAdvised(caller) && !isAdvised(door)) {
                missing.add(called + " is called by " + caller);
              }
            }
          }
        });
    assertThat(missing).isEmpty();
  }

  @Test
  void everyDoorOfAClassThatIsThereMatchesAMethod() {
    List<String> unmatched = new ArrayList<>();
    for (Door door : Doors.table()) {
      byte[] bytes = classes.get(door.type());
      if (bytes == null) {
        continue;
      }
      boolean matched =
          NativeSearch.methods(bytes).stream()
              .anyMatch(
                  method ->
                      door.matches(
                          method.substring(0, method.indexOf('(')),
                          method.substring(method.indexOf('('))));
      if (!matched) {
        unmatched.add(door.type() + "." + door.method() + door.descriptor());
      }
    }
    // These methods moved to UnixDispatcher, or came from there, between 17 and 25.
    unmatched.removeIf(name -> name.matches("sun/nio/ch/(File|Socket|Datagram)Dispatcher.*"));
    assertThat(unmatched).isEmpty();
  }

  @Test
  void oldSocketsAreMissingOnlyWhereTheReleaseDroppedThem() {
    Set<String> absent =
        Doors.table().stream()
            .map(Door::type)
            .filter(type -> !classes.containsKey(type))
            .collect(Collectors.toCollection(TreeSet::new));
    absent.removeAll(RELEASES_WITHOUT);
    absent.removeAll(
        Set.of("java/net/SocketCleanable", "sun/nio/ch/UnixDispatcher", "sun/nio/ch/EPollPoller"));
    assertThat(absent).isEmpty();
  }

  @Test
  void everyDoorCallsAMethodThatTheLedgerHas() {
    Set<String> known =
        Arrays.stream(Ledger.class.getMethods())
            .map(method -> method.getName() + Type.getMethodDescriptor(method))
            .collect(Collectors.toSet());
    for (Door door : Doors.table()) {
      assertThat(known).contains(door.call() + door.callDescriptor());
      assertThat(door.operands()).hasSize(Type.getArgumentTypes(door.callDescriptor()).length);
    }
  }

  private static boolean isAdvised(String method) {
    return Doors.table().stream()
        .anyMatch(door -> method.equals(door.type() + "." + door.method()));
  }
}
