package io.descry.instrument;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** Writes the doors' calls into the bytes of a class. */
final class DoorWriter {
  private DoorWriter() {}

  /**
   * The class with its doors advised; {@code null} when it has none of them.
   *
   * @param ledger internal name of the class that the doors call; its static field {@code missed}
   *     is set when a call throws
   */
  static byte[] write(byte[] original, List<Door> doors, String ledger) {
    ClassReader reader = new ClassReader(original);
    Map<String, MethodShape> shapes = shapes(reader, doors);
    if (shapes.isEmpty()) {
      return null;
    }
    ClassWriter writer = new ClassWriter(reader, 0);
    String type = reader.getClassName();
    reader.accept(
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
            MethodShape shape = shapes.get(name + descriptor);
            return shape == null
                ? next
                : new MethodAdvice(
                    next,
                    ledger,
                    type,
                    access,
                    descriptor,
                    matching(doors, name, descriptor),
                    shape);
          }
        },
        ClassReader.EXPAND_FRAMES);
    return writer.toByteArray();
  }

  private static Map<String, MethodShape> shapes(ClassReader reader, List<Door> doors) {
    Map<String, MethodShape> shapes = new HashMap<>();
    reader.accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            boolean hasCode = (access & (Opcodes.ACC_NATIVE | Opcodes.ACC_ABSTRACT)) == 0;
            if (!hasCode || matching(doors, name, descriptor).isEmpty()) {
              return null;
            }
            MethodShape shape = new MethodShape();
            shapes.put(name + descriptor, shape);
            return shape;
          }
        },
        ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return shapes;
  }

  private static List<Door> matching(List<Door> doors, String name, String descriptor) {
    List<Door> matching = new ArrayList<>();
    for (Door door : doors) {
      if (door.matches(name, descriptor)) {
        matching.add(door);
      }
    }
    return matching;
  }
}
