package io.descry.instrument;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** The native methods of some classes that sound like opening or closing, and who calls them. */
final class NativeSearch {
  private final Map<String, byte[]> classes;
  private final Pattern soundsLike;
  private final Set<String> wrappers;
  private final Map<String, Set<String>> callers = new TreeMap<>();
  private final Map<String, Set<String>> inherited = new HashMap<>();

  /**
   * Searches.
   *
   * @param classes by internal name
   * @param soundsLike matches the names of natives that are looked for
   * @param wrappers others that are looked for too, as {@code type.method}
   */
  NativeSearch(Map<String, byte[]> classes, Pattern soundsLike, Set<String> wrappers) {
    this.classes = classes;
    this.soundsLike = soundsLike;
    this.wrappers = wrappers;
    classes.values().forEach(this::findNatives);
    classes.values().forEach(this::findCallers);
  }

  /** The natives, each with the methods that call it, as {@code type.method}. */
  Map<String, Set<String>> callers() {
    return callers;
  }

  /** Name and descriptor of each method of a class. */
  static List<String> methods(byte[] bytes) {
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

  private void findNatives(byte[] bytes) {
    ClassReader reader = new ClassReader(bytes);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String sign, String[] exceptions) {
            boolean called =
                (access & Opcodes.ACC_NATIVE) != 0 && soundsLike.matcher(name).matches();
            if (called || wrappers.contains(reader.getClassName() + "." + name)) {
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

  private void findCallers(byte[] bytes) {
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

  private String superclass(String type) {
    byte[] bytes = classes.get(type);
    return bytes == null ? null : new ClassReader(bytes).getSuperName();
  }
}
