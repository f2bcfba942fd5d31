package io.descry.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnPurposeTest {
  private static final String TEST = "app//com.example.SomeTest.opens(SomeTest.java:12)";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.base/jdk.internal.loader.URLClassPath$JarLoader.getJarFile(URLClassPath.java:759)",
        "java.base/sun.security.provider.NativePRNG$RandomIO.<clinit>(NativePRNG.java:3)",
        "java.net.http/jdk.internal.net.http.HttpClientImpl$SelectorManager.<init>(X.java:1)",
        "java.base/sun.nio.ch.LinuxAsynchronousChannelProvider.defaultEventPort(X.java:40)",
      })
  void whatTheJdkKeeps(String frame) {
    assertThat(new OnPurpose(List.of()).includes(java(frame, TEST))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.base/java.io.FileInputStream.open(FileInputStream.java:217)",
        "java.base/sun.nio.ch.LinuxAsynchronousChannelProvider.open(X.java:40)",
        "com.example.URLClassPath.open(X.java:1)",
      })
  void nothingElse(String frame) {
    assertThat(new OnPurpose(List.of()).includes(java(frame, TEST))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.example",
        "com.example.SomeTest",
        "com.example.SomeTest.opens",
        "/tmp",
        "/tmp/a"
      })
  void whatTheUserNames(String name) {
    assertThat(new OnPurpose(List.of(name)).includes(java(TEST))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"com.exam", "example", "com.example.Some", "/tm", "/tmp/ab", "tmp", "lib"})
  void noMoreThanTheUserNames(String name) {
    assertThat(new OnPurpose(List.of(name)).includes(java(TEST))).isFalse();
  }

  @Test
  void aLibraryByItsName() {
    Leftover natives =
        new Leftover(
            new Leftover.Use(7, 1),
            Leftover.OPEN,
            "file",
            "/tmp/a",
            null,
            "sqlite-jdbc 3.50",
            null,
            null,
            null,
            List.of(),
            List.of());
    assertThat(new OnPurpose(List.of("sqlite-jdbc")).includes(natives)).isTrue();
    assertThat(new OnPurpose(List.of("sqlite")).includes(natives)).isFalse();
  }

  private static Leftover java(String... frames) {
    return new Leftover(
        new Leftover.Use(7, 1),
        Leftover.OPEN,
        "file",
        "/tmp/a",
        null,
        null,
        null,
        "main",
        null,
        List.of(frames),
        List.of());
  }
}
