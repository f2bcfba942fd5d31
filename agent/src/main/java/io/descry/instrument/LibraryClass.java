package io.descry.instrument;

import io.descry.owner.Claim;
import io.descry.owner.HandleType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * What a class of a library declares, and with it the doors of a handle type: only the class itself
 * tells the types of its fields and the overloads of its methods.
 */
final class LibraryClass extends ClassVisitor {
  /** A method that has code. */
  private record Method(String name, String descriptor, boolean isStatic) {
    boolean returnsObject() {
      return Type.getReturnType(descriptor).getSort() == Type.OBJECT;
    }

    Operand firstObject() {
      Type[] parameters = Type.getArgumentTypes(descriptor);
      for (int i = 0; i < parameters.length; i++) {
        if (parameters[i].getSort() == Type.OBJECT) {
          return new Operand.Parameter(i);
        }
      }
      return null;
    }

    boolean has(String parameter) {
      for (Type type : Type.getArgumentTypes(descriptor)) {
        if (type.getDescriptor().equals(parameter)) {
          return true;
        }
      }
      return false;
    }
  }

  private final Map<String, String> fields = new HashMap<>();
  private final List<Method> methods = new ArrayList<>();
  private String name;
  private String parent;

  private LibraryClass() {
    super(Opcodes.ASM9);
  }

  static LibraryClass read(byte[] bytes) {
    LibraryClass read = new LibraryClass();
    new ClassReader(bytes)
        .accept(read, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return read;
  }

  @Override
  public void visit(
      int version, int access, String name, String signature, String parent, String[] interfaces) {
    this.name = name;
    this.parent = parent;
  }

  @Override
  public FieldVisitor visitField(
      int access, String name, String descriptor, String signature, Object value) {
    if ((access & Opcodes.ACC_STATIC) == 0) {
      fields.put(name, descriptor);
    }
    return null;
  }

  @Override
  public MethodVisitor visitMethod(
      int access, String name, String descriptor, String signature, String[] exceptions) {
    if ((access & (Opcodes.ACC_NATIVE | Opcodes.ACC_ABSTRACT)) == 0) {
      methods.add(new Method(name, descriptor, (access & Opcodes.ACC_STATIC) != 0));
    }
    return null;
  }

  /** The doors of a handle type in this class; empty when it has none of its methods. */
  List<Door> doors(HandleType type, int number) {
    Operand constant = new Operand.Constant(number);
    List<Door> doors = new ArrayList<>();
    for (Method method : methods) {
      for (HandleType.Open open : type.opens()) {
        if (method.name.equals(open.method())) {
          addOpen(method, open, constant, doors);
        }
      }
      for (HandleType.Close close : type.closes()) {
        if (method.name.equals(close.method()) && !method.isStatic) {
          addClose(method, close, doors);
        }
      }
      for (HandleType.Parts parts : type.parts()) {
        if (method.name.equals(parts.method()) && !method.isStatic) {
          addParts(method, parts.fields(), constant, doors);
        }
      }
    }
    return doors;
  }

  private void addOpen(Method method, HandleType.Open open, Operand type, List<Door> doors) {
    Claim claim = open.claim();
    boolean returned = method.isStatic || open.returned();
    Operand owner = returned ? new Operand.Result() : new Operand.This();
    if (returned && !method.returnsObject()) {
      return;
    }
    if (claim.kind() == Claim.Kind.NOTHING) {
      // Told as standing for itself: there is no operand for null.
      doors.add(
          after(method, "opened", "(Ljava/lang/Object;Ljava/lang/Object;I)V", owner, owner, type));
      return;
    }
    Operand claimed = operand(method, claim);
    if (claimed != null) {
      String descriptor =
          claim.kind() == Claim.Kind.NUMBER
              ? "(Ljava/lang/Object;II)V"
              : "(Ljava/lang/Object;Ljava/lang/Object;I)V";
      doors.add(after(method, "opened", descriptor, owner, claimed, type));
    }
  }

  private void addClose(Method method, HandleType.Close close, List<Door> doors) {
    Operand handle = close.ofParameter() ? method.firstObject() : new Operand.This();
    if (handle == null) {
      return;
    }
    Operand number =
        close.number().kind() == Claim.Kind.NUMBER ? operand(method, close.number()) : null;
    doors.add(
        number == null
            ? door(method, Door.When.BEFORE, "closing", "(Ljava/lang/Object;)V", handle)
            : door(method, Door.When.BEFORE, "closing", "(Ljava/lang/Object;I)V", handle, number));
  }

  private void addParts(Method method, List<String> names, Operand type, List<Door> doors) {
    for (String part : names) {
      String descriptor = fields.get(part);
      if (descriptor != null && descriptor.startsWith("L")) {
        doors.add(
            after(
                method,
                "part",
                "(Ljava/lang/Object;Ljava/lang/Object;I)V",
                new Operand.Field(part, descriptor),
                new Operand.This(),
                type));
      }
    }
  }

  /** Where the claim is in this method; {@code null} when the claim does not fit the method. */
  private Operand operand(Method method, Claim claim) {
    for (String type : types(claim.kind())) {
      Operand operand =
          switch (claim.source()) {
            case PARAMETER -> method.has(type) ? new Operand.ParameterOfType(type) : null;
            case FIELD ->
                type.equals(fields.get(claim.name())) && !method.isStatic
                    ? new Operand.Field(claim.name(), type)
                    : null;
            case GETTER ->
                hasGetter(claim.name(), type) && !method.isStatic
                    ? new Operand.Getter(claim.name(), "()" + type)
                    : null;
            case NOWHERE -> null;
          };
      if (operand != null) {
        return operand;
      }
    }
    return null;
  }

  private static List<String> types(Claim.Kind claimed) {
    return switch (claimed) {
      case NUMBER -> List.of("I");
      case DESCRIPTOR -> List.of("Ljava/io/FileDescriptor;");
      case FILE, DIRECTORY -> List.of("Ljava/lang/String;", "Ljava/io/File;");
      case NOTHING -> List.of();
    };
  }

  /** What may be inherited is believed: a call of what is not there is caught where it stands. */
  private boolean hasGetter(String getter, String type) {
    return !parent.equals("java/lang/Object")
        || methods.contains(new Method(getter, "()" + type, false));
  }

  private Door after(Method method, String call, String descriptor, Operand... operands) {
    return door(method, Door.When.AFTER, call, descriptor, operands);
  }

  private Door door(
      Method method, Door.When when, String call, String descriptor, Operand... operands) {
    return new Door(
        name, method.name, method.descriptor, when, call, descriptor, List.of(operands));
  }
}
