package io.descry.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Fails a test that leaks descriptors (files, sockets, pipes, selectors, what native libraries
 * open), with a {@link DescriptorLeakError} that names where each was opened. On a class it holds
 * for all tests of that class and of those nested in it, and for what {@code @BeforeAll} and
 * {@code @AfterAll} methods do; the nearest annotation decides.
 *
 * <p>A test is looked at from before its {@code @BeforeEach} methods until after its
 * {@code @AfterEach} methods and all that other extensions close. What it opened and did not close
 * fails it when nobody can close it any more: its owner is unreachable, or the garbage collector
 * closed it. What something still refers to may be shared by the tests of the class (a pool that
 * grew, a server that has a connection more): it fails the outermost class, if it is open still
 * when that has ended.
 *
 * <p>Works where the test JVM runs with Descry's agent, and else attaches it to the JVM.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(NoDescriptorLeaksExtension.class)
public @interface NoDescriptorLeaks {
  /**
   * What is kept open on purpose, such as a pool that lives as long as the JVM. Each is one of:
   *
   * <ul>
   *   <li>the name of a class or package that is anywhere in the Java stack of the open, such as
   *       {@code com.example.Pool} or {@code com.example.db};
   *   <li>a path with a {@code /} at the beginning, of a file, or of a directory and all in it;
   *   <li>the name of a native library as Descry gives it, such as {@code sqlite-jdbc}.
   * </ul>
   *
   * <p>Added to those of the annotations around this one and of the configuration parameter {@code
   * descry.junit.ignore}.
   */
  String[] ignore() default {};

  /** Whether a test also fails by what something still refers to, rather than its class. */
  boolean strict() default false;

  /**
   * How long to wait, in milliseconds, for what is closed by another thread, before something fails
   * because it is open still. Waited only where something is open. The default is longer than a
   * Netty event loop group takes to shut down, which is 2 s.
   */
  int graceMillis() default 5000;

  /** Whether to look at all: {@code false} excepts a class or a test. */
  boolean check() default true;
}
