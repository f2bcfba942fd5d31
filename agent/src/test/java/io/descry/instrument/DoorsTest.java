package io.descry.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.ledger.Ledger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
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

  private static final Map<String, Set<String>> inherited = new HashMap<>();

  @BeforeAll
  static void readTheJdk() {
    classes = JdkClasses.all();
    callers = new TreeMap<>();
    classes.values().forEach(DoorsTest::findNatives);
    classes.values().forEach(DoorsTest::findCallers);
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
    for (Door door : Doors.TABLE) {
      byte[] bytes = classes.get(door.type());
      if (bytes == null) {
        continue;
      }
      boolean matched =
          methods(bytes).stream()
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
        Doors.TABLE.stream()
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
    for (Door door : Doors.TABLE) {
      assertThat(known).contains(door.call() + door.callDescriptor());
      assertThat(door.operands()).hasSize(Type.getArgumentTypes(door.callDescriptor()).length);
    }
  }

  private static boolean isAdvised(String method) {
    return Doors.TABLE.stream().anyMatch(door -> method.equals(door.type() + "." + door.method()));
  }

  private static List<String> methods(byte[] bytes) {
    List<String> methods = new ArrayList<>();
    new ClassReader(bytes)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String descriptor, String sign, String[] exceptions) {
                methods.add(name + descriptor);
                return null;
              }
            },
            ClassReader.SKIP_CODE);
    return methods;
  }

  private static void findNatives(byte[] bytes) {
    ClassReader reader = new ClassReader(bytes);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String sign, String[] exceptions) {
            if ((access & Opcodes.ACC_NATIVE) != 0 && SOUNDS_LIKE.matcher(name).matches()) {
              Set<String> by = new TreeSet<>();
              callers.put(reader.getClassName() + "." + name, by);
              // A caller may know it by an abstract method of a superclass.
              for (String type = reader.getSuperName();
                  !type.equals("java/lang/Object");
                  type = superclass(type)) {
                inherited.put(type + "." + name, by);
              }
            }
            return null;
          }
        },
        ClassReader.SKIP_CODE);
  }

  private static void findCallers(byte[] bytes) {
    ClassReader reader = new ClassReader(bytes);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String sign, String[] exceptions) {
            String caller = reader.getClassName() + "." + name;
            return new MethodVisitor(Opcodes.ASM9) {
              @Override
              public void visitMethodInsn(
                  int opcode, String owner, String called, String calledDescriptor, boolean itf) {
                for (String type = owner; type != null; type = superclass(type)) {
                  Set<String> known = callers.get(type + "." + called);
                  known = known == null ? inherited.get(type + "." + called) : known;
                  if (known != null) {
                    known.add(caller);
                    return;
                  }
                }
              }
            };
          }
        },
        ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
  }

  private static String superclass(String type) {
    byte[] bytes = classes.get(type);
    return bytes == null ? null : new ClassReader(bytes).getSuperName();
  }
}
