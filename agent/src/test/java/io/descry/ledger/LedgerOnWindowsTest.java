package io.descry.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileDescriptor;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.List;
import jdk.internal.misc.Unsafe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A ledger of its own, that takes this system for Windows. */
class LedgerOnWindowsTest {
  private static final Unsafe UNSAFE = Unsafe.getUnsafe();
  private static final int PIPE = OpenKind.PIPE.ordinal();

  private static Class<?> ledger;
  private static String system;

  @BeforeAll
  static void loadAnother() throws Exception {
    system = System.getProperty("os.name");
    System.setProperty("os.name", "Windows Server 2022");
    ledger = Class.forName("io.descry.ledger.Ledger", true, new Another());
  }

  @AfterAll
  static void thisIsNotWindows() {
    System.setProperty("os.name", system);
  }

  @Test
  void handlesAreFoundAndTheirNeighboursAreNot() throws Exception {
    opened(0x1a4, new Object());
    opened(0x1a8, new Object());
    assertThat(number(0x1a4)).isEqualTo(0x1a4);
    assertThat(number(0x1a8)).isEqualTo(0x1a8);
    assertThat(entry(0x1ac)).isNull();
    assertThat(entry(0x69)).as("a quarter of one").isNull();
  }

  @Test
  void theyAreGoneThroughInOrder() throws Exception {
    opened(0x40_0000, new Object());
    opened(0x40_1004, new Object());
    assertThat(next(0x3f_fffc)).isEqualTo(0x40_0000);
    assertThat(next(0x40_0001)).isEqualTo(0x40_1004);
    assertThat(next(0x40_1005)).isNotIn(0x40_0000, 0x40_1004);
  }

  @Test
  void aHandleThatIsClosedIsClosed() throws Exception {
    opened(0x2b0, new Object());
    ledger.getMethod("closing", boolean.class, long.class).invoke(null, true, 0x2b0L);
    assertThat(closed(0x2b0)).as("it was already").isFalse();
    ledger.getMethod("closing", boolean.class, long.class).invoke(null, false, 0x2b0L);
    assertThat(closed(0x2b0)).isTrue();
  }

  @Test
  void whatIsNoHandleIsLeftOut() throws Exception {
    for (long none : new long[] {-1, 0, -2, 1L << 33}) {
      opened(none, new Object());
      ledger.getMethod("closing", long.class).invoke(null, none);
    }
    assertThat(ledger.getMethod("fault").invoke(null)).isNull();
  }

  @Test
  void aFilesHandleCountsAndASocketsNumber() throws Exception {
    FileDescriptor file = new FileDescriptor();
    access("setHandle", long.class).invoke(files(), file, 0x3c4L);
    FileDescriptor socket = new FileDescriptor();
    access("set", int.class).invoke(files(), socket, 0x3c8);
    for (FileDescriptor descriptor : new FileDescriptor[] {file, socket}) {
      ledger.getMethod("opened", FileDescriptor.class, int.class).invoke(null, descriptor, PIPE);
    }
    assertThat(number(0x3c4)).isEqualTo(0x3c4);
    assertThat(number(0x3c8)).isEqualTo(0x3c8);
    ledger.getMethod("closing", FileDescriptor.class).invoke(null, file);
    assertThat(closed(0x3c4)).isTrue();
    assertThat(closed(0x3c8)).isFalse();
  }

  @Test
  void aChildsPipesAreThoseThatThereAre() throws Exception {
    ledger
        .getMethod("opened", long[].class, int.class)
        .invoke(null, new long[] {0x4d0, -1, 0x4d8}, PIPE);
    assertThat(number(0x4d0)).isEqualTo(0x4d0);
    assertThat(entry(0x4d4)).isNull();
    assertThat(number(0x4d8)).isEqualTo(0x4d8);
  }

  @Test
  void aListedDirectoryHasTheHandleThatStandsBehindItsAddress() throws Exception {
    Object stream = new Object();
    long search = UNSAFE.allocateMemory(16);
    try {
      UNSAFE.putLong(search, 0xc0ffee11L);
      UNSAFE.putLong(search + 8, 0x5c4L);
      searching(stream, search);
      assertThat(entry(0x5c4)).as("nobody knows yet where it stands").isNull();
      assertThat(ledger.getMethod("takeOwnSearch").invoke(null)).as("not Descry's").isNull();

      ledger.getMethod("searchesHold", int.class).invoke(null, 8);
      searching(stream, search);
      assertThat(number(0x5c4)).isEqualTo(0x5c4);
      Object entry = entry(0x5c4);
      Object kind = entry.getClass().getMethod("kind").invoke(entry);
      assertThat(kind).hasToString("DIRECTORY");
      // What is behind an address that was freed is not looked at again.
      UNSAFE.putLong(search + 8, 0x5c8L);
      searched(false, search);
      assertThat(closed(0x5c4)).as("it was already").isFalse();
      searched(true, search);
      assertThat(closed(0x5c4)).isTrue();

      searching(stream, search);
      opened(0x5c8, new Object());
      searched(true, search);
      assertThat(closed(0x5c8)).as("the number is another's by now").isFalse();

      UNSAFE.putLong(search + 8, 0x7f00_0000_0000L);
      searching(stream, search);
      searched(true, search);
      assertThat(ledger.getMethod("fault").invoke(null)).isNull();
    } finally {
      UNSAFE.freeMemory(search);
    }
  }

  @Test
  void ofASearchOfDescrysOwnTheFirstWordsAreKeptUntilTheyAreTaken() throws Exception {
    ThreadGroup own = new ThreadGroup("own");
    configure(own);
    long search = UNSAFE.allocateMemory(16);
    try {
      UNSAFE.putLong(search, 1);
      UNSAFE.putLong(search + 8, 2);
      ledger.getMethod("searchesHold", int.class).invoke(null, -1);
      Thread thread =
          new Thread(
              own,
              () -> {
                try {
                  searching(new Object(), search);
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      thread.start();
      thread.join();
      assertThat((long[]) ledger.getMethod("takeOwnSearch").invoke(null)).containsExactly(1, 2);
      assertThat(ledger.getMethod("takeOwnSearch").invoke(null)).isNull();
    } finally {
      configure(null);
      UNSAFE.freeMemory(search);
    }
  }

  @Test
  void thatTheCollectorClosesAChildsHandleIsNoNews() throws Exception {
    int process = OpenKind.PROCESS.ordinal();
    ledger.getMethod("opened", long.class, int.class).invoke(null, 0x6d4L, process);
    ledger.getMethod("opened", long.class, int.class).invoke(null, 0x6d8L, process);
    Thread collector =
        new Thread(
            () -> {
              try {
                ledger.getMethod("cleaning", long.class).invoke(null, 0x6d4L);
                ledger.getMethod("closing", long.class).invoke(null, 0x6d8L);
              } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
              }
            },
            "Common-Cleaner");
    collector.start();
    collector.join();
    assertThat(closed(0x6d4)).isTrue();
    assertThat(closed(0x6d8)).isTrue();
    assertThat((List<?>) ledger.getMethod("takeCollected").invoke(null))
        .as("only what the collector closes in place of its owner")
        .singleElement()
        .isSameAs(entry(0x6d8));
  }

  private static void searching(Object stream, long search) throws Exception {
    ledger.getMethod("searching", Object.class, long.class).invoke(null, stream, search);
  }

  private static void searched(boolean open, long search) throws Exception {
    ledger.getMethod("searched", boolean.class, long.class).invoke(null, open, search);
  }

  private static void configure(ThreadGroup own) throws Exception {
    Class<?> stacks =
        Class.forName("io.descry.ledger.Ledger$Stacks", true, ledger.getClassLoader());
    ledger
        .getMethod("configure", stacks, ThreadGroup.class)
        .invoke(null, stacks.getField("NONE").get(null), own);
  }

  private static void opened(long handle, Object owner) throws Exception {
    ledger
        .getMethod("opened", long.class, Object.class, int.class)
        .invoke(null, handle, owner, PIPE);
  }

  private static Object entry(int number) throws Exception {
    return ledger.getMethod("entry", int.class).invoke(null, number);
  }

  private static int next(int from) throws Exception {
    return (int) ledger.getMethod("next", int.class).invoke(null, from);
  }

  private static int number(int number) throws Exception {
    Object entry = entry(number);
    return (int) entry.getClass().getMethod("number").invoke(entry);
  }

  private static boolean closed(int number) throws Exception {
    Object entry = entry(number);
    return (boolean) entry.getClass().getMethod("closed").invoke(entry);
  }

  private static Object files() {
    return jdk.internal.access.SharedSecrets.getJavaIOFileDescriptorAccess();
  }

  private static Method access(String name, Class<?> value) throws NoSuchMethodException {
    return jdk.internal.access.JavaIOFileDescriptorAccess.class.getMethod(
        name, FileDescriptor.class, value);
  }

  private static final class Another extends ClassLoader {
    Another() {
      super(LedgerOnWindowsTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("io.descry.ledger.") || name.contains("Test")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        if (known != null) {
          return known;
        }
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
          byte[] bytes = in.readAllBytes();
          return defineClass(name, bytes, 0, bytes.length);
        } catch (java.io.IOException e) {
          throw new ClassNotFoundException(name, e);
        }
      }
    }
  }
}
