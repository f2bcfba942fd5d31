package io.descry.instrument;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Writes the doors' calls into one method.
 *
 * <p>Each call stands in a handler of its own that drops whatever is thrown. These handlers come
 * first in the method's table, so that the method's own never see our exceptions. At a return, the
 * result waits in a local that the method does not use; the frames there claim nothing of the other
 * locals but {@code this}, which a return does not need.
 */
final class MethodAdvice extends MethodVisitor {
  /** Room for the operands of a call: three, of which a long counts twice. */
  private static final int OPERANDS = 4;

  private final String ledger;
  private final String type;
  private final boolean isStatic;
  private final Type[] parameters;
  private final Type result;
  private final List<Door> before;
  private final List<Door> after;
  private final MethodShape shape;
  private final Queue<Guard> guards = new ArrayDeque<>();

  private record Guard(Label start, Label end, Label handler) {
    Guard() {
      this(new Label(), new Label(), new Label());
    }
  }

  MethodAdvice(
      MethodVisitor next,
      String ledger,
      String type,
      int access,
      String descriptor,
      List<Door> doors,
      MethodShape shape) {
    super(Opcodes.ASM9, next);
    this.ledger = ledger;
    this.type = type;
    this.isStatic = (access & Opcodes.ACC_STATIC) != 0;
    this.parameters = Type.getArgumentTypes(descriptor);
    this.result = Type.getReturnType(descriptor);
    this.before = told(doors, Door.When.BEFORE);
    this.after = told(doors, Door.When.AFTER);
    this.shape = shape;
  }

  @Override
  public void visitCode() {
    super.visitCode();
    for (int i = before.size() + after.size() * shape.returns(); i > 0; i--) {
      Guard guard = new Guard();
      super.visitTryCatchBlock(guard.start, guard.end, guard.handler, "java/lang/Throwable");
      guards.add(guard);
    }
    for (Door door : before) {
      List<Object> locals = new ArrayList<>();
      if (!isStatic) {
        locals.add(type);
      }
      for (Type parameter : parameters) {
        locals.add(frameType(parameter));
      }
      call(door, locals);
    }
  }

  @Override
  public void visitInsn(int opcode) {
    if (!MethodShape.isReturn(opcode) || after.isEmpty()) {
      super.visitInsn(opcode);
      return;
    }
    List<Object> locals = new ArrayList<>(Collections.nCopies(shape.locals(), Opcodes.TOP));
    if (!isStatic) {
      // The next door of the same return may need it.
      locals.set(0, type);
    }
    if (opcode != Opcodes.RETURN) {
      super.visitVarInsn(result.getOpcode(Opcodes.ISTORE), shape.locals());
      locals.add(frameType(result));
    }
    for (Door door : after) {
      call(door, locals);
    }
    if (opcode != Opcodes.RETURN) {
      super.visitVarInsn(result.getOpcode(Opcodes.ILOAD), shape.locals());
    }
    super.visitInsn(opcode);
  }

  @Override
  public void visitMaxs(int maxStack, int maxLocals) {
    super.visitMaxs(
        Math.max(maxStack, OPERANDS), after.isEmpty() ? maxLocals : maxLocals + result.getSize());
  }

  private static List<Door> told(List<Door> doors, Door.When when) {
    List<Door> told = new ArrayList<>();
    for (Door door : doors) {
      if (door.when() == when) {
        told.add(door);
      }
    }
    return told;
  }

  private void call(Door door, List<Object> locals) {
    Guard guard = guards.remove();
    Label next = new Label();
    super.visitLabel(guard.start);
    for (Operand operand : door.operands()) {
      push(operand);
    }
    super.visitMethodInsn(Opcodes.INVOKESTATIC, ledger, door.call(), door.callDescriptor(), false);
    super.visitLabel(guard.end);
    super.visitJumpInsn(Opcodes.GOTO, next);
    super.visitLabel(guard.handler);
    frame(locals, "java/lang/Throwable");
    super.visitInsn(Opcodes.POP);
    // A write needs no stack, which may be what has run out.
    super.visitInsn(Opcodes.ICONST_1);
    super.visitFieldInsn(Opcodes.PUTSTATIC, ledger, "missed", "Z");
    super.visitLabel(next);
    frame(locals);
    // Keeps this frame apart from one that the method itself may have here.
    super.visitInsn(Opcodes.NOP);
  }

  private void frame(List<Object> locals, Object... stack) {
    super.visitFrame(Opcodes.F_NEW, locals.size(), locals.toArray(), stack.length, stack);
  }

  private void push(Operand operand) {
    if (operand instanceof Operand.This) {
      super.visitVarInsn(Opcodes.ALOAD, 0);
    } else if (operand instanceof Operand.Field field) {
      super.visitVarInsn(Opcodes.ALOAD, 0);
      super.visitFieldInsn(Opcodes.GETFIELD, type, field.name(), field.descriptor());
    } else if (operand instanceof Operand.Parameter parameter) {
      pushParameter(parameter.index());
    } else if (operand instanceof Operand.ParameterOfType wanted) {
      pushParameter(indexOf(wanted.descriptor()));
    } else if (operand instanceof Operand.ParameterField field) {
      pushParameter(field.index());
      super.visitTypeInsn(Opcodes.CHECKCAST, field.type());
      super.visitFieldInsn(Opcodes.GETFIELD, field.type(), field.name(), field.descriptor());
    } else if (operand instanceof Operand.Getter getter) {
      super.visitVarInsn(Opcodes.ALOAD, 0);
      super.visitMethodInsn(Opcodes.INVOKEVIRTUAL, type, getter.name(), getter.descriptor(), false);
    } else if (operand instanceof Operand.Result) {
      super.visitVarInsn(result.getOpcode(Opcodes.ILOAD), shape.locals());
    } else if (operand instanceof Operand.Constant constant) {
      super.visitIntInsn(Opcodes.SIPUSH, constant.value());
    }
  }

  private void pushParameter(int index) {
    int slot = isStatic ? 0 : 1;
    for (int i = 0; i < index; i++) {
      slot += parameters[i].getSize();
    }
    super.visitVarInsn(parameters[index].getOpcode(Opcodes.ILOAD), slot);
  }

  private int indexOf(String descriptor) {
    for (int i = 0; i < parameters.length; i++) {
      if (parameters[i].getDescriptor().equals(descriptor)) {
        return i;
      }
    }
    throw new IllegalStateException("no parameter of type " + descriptor + " in " + type);
  }

  private static Object frameType(Type type) {
    return switch (type.getSort()) {
      case Type.BOOLEAN, Type.BYTE, Type.CHAR, Type.SHORT, Type.INT -> Opcodes.INTEGER;
      case Type.LONG -> Opcodes.LONG;
      case Type.FLOAT -> Opcodes.FLOAT;
      case Type.DOUBLE -> Opcodes.DOUBLE;
      default -> type.getInternalName();
    };
  }
}
