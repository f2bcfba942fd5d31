package io.descry.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

class ExpectedHandlesTest {
  @Test
  void aRegistrationIsAskedUntilItIsClosed() {
    AtomicInteger connections = new AtomicInteger(3);
    Registration registration =
        ExpectedHandles.named("closed")
            .ofKind(HandleKind.SOCKET_TCP, HandleKind.PIPE)
            .ofLibrary("libuv")
            .openedBy("com.example")
            .register(connections, AtomicInteger::get);
    Map<String, Object> row = rows("closed").get(0);
    assertThat(row)
        .containsEntry("name", "closed")
        .containsEntry("kinds", List.of("pipe", "socket.tcp"))
        .containsEntry("library", "libuv")
        .containsEntry("opener", "com.example");
    connections.set(7);
    assertThat(count(row)).isEqualTo(7);
    registration.close();
    registration.close();
    assertThat(count(row)).isNegative();
    assertThat(rows("closed")).isEmpty();
    assertThat(connections).hasValue(7);
  }

  @Test
  void whatIsNotSaidIsNotInTheRow() {
    AtomicInteger subject = new AtomicInteger();
    ExpectedHandles.named("plain").register(subject, AtomicInteger::get);
    assertThat(rows("plain").get(0)).containsOnlyKeys("name", "kinds", "count");
    assertThat(rows("plain").get(0)).containsEntry("kinds", List.of());
    assertThat(subject).hasValue(0);
  }

  @Test
  void aDescriptionIsNotChangedByWhatIsMadeOfIt() {
    AtomicInteger subject = new AtomicInteger();
    ExpectedHandles plain = ExpectedHandles.named("base");
    plain.ofKind(HandleKind.FILE).openedBy(ExpectedHandlesTest.class);
    plain.register(subject, AtomicInteger::get);
    assertThat(rows("base").get(0)).containsOnlyKeys("name", "kinds", "count");
    assertThat(subject).hasValue(0);
  }

  @Test
  void theSubjectIsHeldWeakly() {
    WeakReference<AtomicInteger> gone = registerAndForget("weak");
    await()
        .until(
            () -> {
              System.gc();
              return gone.refersTo(null);
            });
    assertThat(rows("weak")).isEmpty();
  }

  private static WeakReference<AtomicInteger> registerAndForget(String name) {
    AtomicInteger subject = new AtomicInteger(1);
    ExpectedHandles.named(name).register(subject, AtomicInteger::get);
    assertThat(rows(name)).hasSize(1);
    return new WeakReference<>(subject);
  }

  @Test
  void theFunctionLastsAsLongAsTheSubjectEvenWhenItIsNobodyElses() {
    AtomicInteger subject = new AtomicInteger(20);
    int more = subject.get() + 1;
    ExpectedHandles.named("kept").register(subject, any -> any.get() + more);
    for (int i = 0; i < 5; i++) {
      System.gc();
    }
    assertThat(rows("kept")).hasSize(1);
    assertThat(count(rows("kept").get(0))).isEqualTo(41);
    assertThat(subject).hasValue(20);
  }

  @Test
  void noClassLoaderIsKeptAliveThoughTheApiIsItsParents() throws Exception {
    WeakReference<ClassLoader> loader = useAndDrop();
    assertThat(rows("plugin")).hasSize(1);
    await()
        .until(
            () -> {
              System.gc();
              return loader.refersTo(null);
            });
    assertThat(rows("plugin")).isEmpty();
  }

  private static WeakReference<ClassLoader> useAndDrop() throws Exception {
    ClassLoader loader = new PluginLoader();
    Class.forName(Plugin.class.getName(), true, loader).getMethod("start").invoke(null);
    return new WeakReference<>(loader);
  }

  /** A plugin that never closes what it registers, and whose subject lasts as long as its class. */
  public static final class Plugin {
    private static final AtomicInteger HELD = new AtomicInteger(5);

    private Plugin() {}

    public static void start() {
      int none = HELD.get() - 5;
      ExpectedHandles.named("plugin").register(HELD, held -> held.get() + none);
    }
  }

  private static final class PluginLoader extends ClassLoader {
    PluginLoader() {
      super(ExpectedHandlesTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.equals(Plugin.class.getName())) {
        return super.loadClass(name, resolve);
      }
      String resource = name.replace('.', '/') + ".class";
      try (InputStream in = getParent().getResourceAsStream(resource)) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  @Test
  void whatIsWrongIsSaidAtOnce() {
    assertThatNullPointerException().isThrownBy(() -> ExpectedHandles.named(null));
    assertThatIllegalArgumentException().isThrownBy(() -> ExpectedHandles.named(" "));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExpectedHandles.named("x".repeat(ExpectedHandles.LONGEST_NAME + 1)));
    ExpectedHandles good = ExpectedHandles.named("good");
    assertThatNullPointerException().isThrownBy(() -> good.ofKind(null));
    assertThatNullPointerException()
        .isThrownBy(() -> good.ofKind(HandleKind.FILE, (HandleKind) null));
    assertThatIllegalArgumentException().isThrownBy(() -> good.ofLibrary(""));
    assertThatNullPointerException().isThrownBy(() -> good.openedBy((Class<?>) null));
    assertThatNullPointerException().isThrownBy(() -> good.register(null, any -> 1));
    assertThatNullPointerException().isThrownBy(() -> good.register("subject", null));
    assertThat(rows("good")).isEmpty();
  }

  private static List<Map<String, Object>> rows(String name) {
    return ExpectedHandlesBook.book().get().stream()
        .filter(row -> row.get("name").equals(name))
        .toList();
  }

  private static int count(Map<String, Object> row) {
    return ((IntSupplier) row.get("count")).getAsInt();
  }
}
