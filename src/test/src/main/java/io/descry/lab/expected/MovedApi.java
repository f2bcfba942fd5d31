package io.descry.lab.expected;

import io.descry.api.ExpectedHandles;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.ToIntFunction;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.commons.ClassRemapper;
import net.bytebuddy.jar.asm.commons.Remapper;

/**
 * A copy of the API in another package and a class loader of its own, moved as the shade plugin
 * moves: constants that look like names of the package are rewritten, too.
 */
final class MovedApi extends ClassLoader {
  private static final String MOVED = "acme.";
  private static final String FROM = "io.descry.";

  MovedApi() {
    super(MovedApi.class.getClassLoader());
  }

  /** Registers through the copy, without its types. */
  static <T> void register(String name, String opener, T subject, ToIntFunction<T> count)
      throws ReflectiveOperationException {
    Class<?> type = new MovedApi().loadClass(MOVED + ExpectedHandles.class.getName());
    Object named = type.getMethod("named", String.class).invoke(null, name);
    Object narrow = type.getMethod("openedBy", String.class).invoke(named, opener);
    type.getMethod("register", Object.class, ToIntFunction.class).invoke(narrow, subject, count);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    String original = name.substring(Math.min(MOVED.length(), name.length())).replace('.', '/');
    try (InputStream in = getParent().getResourceAsStream(original + ".class")) {
      if (!name.startsWith(MOVED) || in == null) {
        throw new ClassNotFoundException(name);
      }
      ClassWriter writer = new ClassWriter(0);
      new ClassReader(in).accept(new ClassRemapper(writer, new Moving()), 0);
      byte[] bytes = writer.toByteArray();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  private static final class Moving extends Remapper {
    Moving() {
      super(Opcodes.ASM9);
    }

    @Override
    public String map(String name) {
      return name.startsWith(FROM.replace('.', '/')) ? MOVED.replace('.', '/') + name : name;
    }

    @Override
    public Object mapValue(Object value) {
      return value instanceof String text && text.startsWith(FROM)
          ? MOVED + text
          : super.mapValue(value);
    }
  }
}
