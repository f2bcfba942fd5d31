package io.descry.instrument;

import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** What must be known of a method before it is written: its locals, and how often it returns. */
final class MethodShape extends MethodVisitor {
  private int locals;
  private int returns;

  MethodShape() {
    super(Opcodes.ASM9);
  }

  /** Number of local slots that the method uses. */
  int locals() {
    return locals;
  }

  /** Number of return instructions. */
  int returns() {
    return returns;
  }

  static boolean isReturn(int opcode) {
    return opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN;
  }

  @Override
  public void visitInsn(int opcode) {
    if (isReturn(opcode)) {
      returns++;
    }
  }

  @Override
  public void visitMaxs(int maxStack, int maxLocals) {
    locals = maxLocals;
  }
}
