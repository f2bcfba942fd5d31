package io.descry.instrument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.descry.ledger.HandleEntry;
import io.descry.ledger.Handles;
import io.descry.owner.KnownOwners;
import io.descry.owner.OwnerModules;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import org.junit.jupiter.api.Test;

class HandleTransformerTest {
  private static final String FAKE = "io.descry.owner.fake.";
  private static final int NUMBER = 700_000;

  private final OwnerModules modules =
      OwnerModules.load(getClass().getClassLoader(), (where, reason) -> {});
  private final LibraryLoader loader = new LibraryLoader(modules, name -> name.startsWith(FAKE));

  @Test
  void aCopyInAnotherPackageIsKnown() throws ReflectiveOperationException {
    Object handle = make(loader, "netty.channel.unix.FileDescriptor", int.class, NUMBER);
    HandleEntry entry = Handles.entry(NUMBER);
    assertThat(entry.owner()).isSameAs(handle);
    assertThat(handle.getClass().getMethod("markClosed").invoke(handle)).isEqualTo(true);
    assertThat(entry.closed()).isTrue();
    assertThat(loader.failures).isEmpty();
  }

  @Test
  void constructorsThatCallEachOtherMakeOneHandle() throws ReflectiveOperationException {
    Object handle =
        make(
            loader,
            "netty.channel.unix.FileDescriptor",
            String.class,
            Integer.toString(NUMBER + 1));
    assertThat(Handles.entry(NUMBER + 1).owner()).isSameAs(handle);
  }

  @Test
  void anOpenThatFailsIsNone() {
    assertThatThrownBy(() -> make(loader, "netty.channel.unix.FileDescriptor", int.class, -5))
        .isInstanceOf(InvocationTargetException.class)
        .hasRootCauseInstanceOf(IllegalArgumentException.class);
    assertThat(Handles.fault()).isNull();
  }

  @Test
  void partsAreTold() throws ReflectiveOperationException {
    Object loop = make(loader, "netty.channel.epoll.EpollEventLoop", int.class, NUMBER + 2);
    assertThat(Handles.entry(NUMBER + 2).whole()).isSameAs(loop);
  }

  @Test
  void aClassThatOnlyHasTheNameIsReported() throws ReflectiveOperationException {
    make(loader, "sqlite.core.DB", null, null);
    assertThat(loader.failures)
        .singleElement()
        .asString()
        .contains(FAKE + "sqlite.core.DB", "another version");
  }

  @Test
  void otherClassesAreLeftAlone() {
    HandleTransformer transformer =
        new HandleTransformer(modules, (where, reason) -> loader.failures.add(where));
    byte[] noClass = {1, 2, 3};
    for (String name : new String[] {"a/b/FileDescriptor", "a/DB", "DB", "a/b/C", null}) {
      assertThat(transformer.transform(null, loader, name, null, null, noClass)).isNull();
    }
    // The boot loader's classes are not looked at, whatever their name.
    String jdk = "io/netty/channel/unix/FileDescriptor";
    assertThat(transformer.transform(null, null, jdk, null, null, noClass)).isNull();
    assertThat(loader.failures).isEmpty();
  }

  @Test
  void aLoaderThatDoesNotShowTheBootClassesIsReported() {
    HandleTransformer transformer =
        new HandleTransformer(modules, (where, reason) -> loader.failures.add(where + reason));
    ClassLoader blind =
        new ClassLoader(null) {
          @Override
          protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            throw new ClassNotFoundException(name);
          }
        };
    String name = "io/netty/channel/unix/FileDescriptor";
    assertThat(transformer.transform(null, blind, name, null, null, new byte[0])).isNull();
    assertThat(loader.failures).singleElement().asString().contains("ClassNotFoundException");
  }

  @Test
  void handlesPinNoClassLoader() throws Exception {
    WeakReference<ClassLoader> forgotten = useAndForget();
    for (int i = 0; i < 200 && forgotten.get() != null; i++) {
      new KnownOwners(modules).refresh();
      System.gc();
      Thread.sleep(20);
    }
    assertThat(forgotten.get()).isNull();
    assertThat(Handles.entry(NUMBER + 3).ownerCollected()).isTrue();
  }

  private WeakReference<ClassLoader> useAndForget() throws ReflectiveOperationException {
    LibraryLoader another = new LibraryLoader(modules, name -> name.startsWith(FAKE));
    make(another, "netty.channel.epoll.EpollEventLoop", int.class, NUMBER + 3);
    return new WeakReference<>(another);
  }

  private static Object make(ClassLoader loader, String name, Class<?> parameter, Object argument)
      throws ReflectiveOperationException {
    Class<?> type = loader.loadClass(FAKE + name);
    assertThat(type.getClassLoader()).isSameAs(loader);
    return parameter == null
        ? type.getConstructor().newInstance()
        : type.getConstructor(parameter).newInstance(argument);
  }
}
