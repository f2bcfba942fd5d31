package io.descry.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.ledger.Ledger;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.bytebuddy.jar.asm.Type;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares the table of doors on Windows with a Windows JDK of the version that runs this. */
class WindowsDoorsTest {
  private static final Pattern SOUNDS_LIKE =
      Pattern.compile(
          "(?i)(cleanup)?(open|close|closesocket|closeHandle|accept|attach|create|socket)0?"
              + "|(Create|Open|Duplicate)[A-Z].*|makePipe|FindFirst.*|FindClose"
              + "|.*Reg(Open|Create|Close).*"
              + "|(datagram)?socket(Create|Close|Accept)0?");

  private static Map<String, byte[]> classes;
  private static Map<String, Set<String>> callers;

  @BeforeAll
  static void readTheJdk(@TempDir Path scratch) throws IOException {
    classes = WindowsJdk.classes(scratch);
    callers =
        new NativeSearch(
                classes,
                SOUNDS_LIKE,
                Set.of(WindowsNatives.CREATE_FILE, WindowsNatives.FIND_FIRST_FILE))
            .callers();
  }

  @Test
  void theseAreClassesForWindows() {
    assertThat(classes).containsKey("sun/nio/ch/WEPoll").doesNotContainKey("sun/nio/ch/EPoll");
  }

  @Test
  void everyNativeMethodThatOpensOrClosesIsAccountedFor() {
    List<String> unaccounted =
        callers.keySet().stream()
            .filter(name -> !WindowsNatives.ADVISED.contains(name))
            .filter(name -> !WindowsNatives.LEFT_ALONE.containsKey(name))
            .filter(name -> WindowsNatives.OTHERS.stream().noneMatch(name::startsWith))
            .toList();
    assertThat(unaccounted).as("natives that nobody has looked at").isEmpty();
    assertThat(callers).as("the search itself finds something").hasSizeGreaterThan(30);
  }

  @Test
  void everyCallerOfAnAdvisedNativeIsAdvisedOrClosesWhatItOpens() {
    List<String> missing = new ArrayList<>();
    callers.forEach(
        (called, by) -> {
          if (WindowsNatives.ADVISED.contains(called)) {
            for (String caller : by) {
              String door = WindowsNatives.ADVISED_ELSEWHERE.getOrDefault(caller, caller);
              if (!isAdvised(door)
                  && WindowsNatives.IN_ONE_CALL.stream().noneMatch(caller::startsWith)) {
                missing.add(called + " is called by " + caller);
              }
            }
          }
        });
    assertThat(missing).isEmpty();
  }

  @Test
  void everyDoorMatchesAMethod() {
    List<String> unmatched = new ArrayList<>();
    Set<String> absent = new TreeSet<>();
    for (Door door : WindowsDoors.table()) {
      byte[] bytes = classes.get(door.type());
      if (bytes == null) {
        absent.add(door.type());
      } else if (NativeSearch.methods(bytes).stream()
          .noneMatch(
              method ->
                  door.matches(
                      method.substring(0, method.indexOf('(')),
                      method.substring(method.indexOf('('))))) {
        unmatched.add(door.type() + "." + door.method() + door.descriptor());
      }
    }
    assertThat(unmatched).isEmpty();
    absent.removeAll(WindowsNatives.ONLY_IN_SOME_RELEASES);
    assertThat(absent).isEmpty();
  }

  @Test
  void everyDoorCallsAMethodThatTheLedgerHas() {
    Set<String> known =
        Arrays.stream(Ledger.class.getMethods())
            .map(method -> method.getName() + Type.getMethodDescriptor(method))
            .collect(Collectors.toSet());
    for (Door door : WindowsDoors.table()) {
      assertThat(known).contains(door.call() + door.callDescriptor());
      assertThat(door.operands()).hasSize(Type.getArgumentTypes(door.callDescriptor()).length);
    }
  }

  @Test
  void everyAdvisedClassPassesTheVerifier() throws Exception {
    Map<String, byte[]> written = new HashMap<>();
    for (Door door : WindowsDoors.table()) {
      byte[] bytes = classes.get(door.type());
      if (bytes != null) {
        List<Door> doors =
            WindowsDoors.table().stream().filter(of -> of.type().equals(door.type())).toList();
        written.put(door.type(), DoorWriter.write(bytes, doors, "io/descry/ledger/Ledger"));
      }
    }
    assertThat(written).hasSizeGreaterThan(15);
    Loader loader = new Loader(written);
    List<String> linked = new ArrayList<>();
    for (String type : written.keySet()) {
      // Others than the boot loader may not define java's own packages.
      if (!type.startsWith("java/")) {
        try {
          link(loader.loadClass(type.replace('/', '.')));
          linked.add(type);
        } catch (IllegalAccessError e) {
          // It implements an interface that java.base keeps to itself.
          assertThat(type).isEqualTo("sun/nio/ch/NioSocketImpl");
        }
      }
    }
    assertThat(linked).hasSizeGreaterThan(9);
  }

  /** Verification comes before the initialiser, which finds no Windows library here. */
  private static void link(Class<?> type) throws IllegalAccessException {
    try {
      MethodHandles.privateLookupIn(type, MethodHandles.lookup()).ensureInitialized(type);
    } catch (VerifyError e) {
      throw e;
    } catch (LinkageError e) {
      assertThat(e)
          .isInstanceOfAny(
              ExceptionInInitializerError.class,
              UnsatisfiedLinkError.class,
              NoClassDefFoundError.class,
              IllegalAccessError.class);
    }
  }

  private static boolean isAdvised(String method) {
    return WindowsDoors.table().stream()
        .anyMatch(door -> method.equals(door.type() + "." + door.method()));
  }

  private static final class Loader extends ClassLoader {
    private final Map<String, byte[]> advised;

    Loader(Map<String, byte[]> advised) {
      super(WindowsDoorsTest.class.getClassLoader());
      this.advised = advised;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      String type = name.replace('.', '/');
      byte[] bytes = advised.get(type);
      // The superclasses and parameters that only Windows has.
      bytes = bytes == null && type.startsWith("sun/nio/") ? classes.get(type) : bytes;
      if (bytes == null || type.startsWith("java/")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known == null ? defineClass(name, bytes, 0, bytes.length) : known;
      }
    }
  }
}
