package io.descry.lab.faults;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.Set;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * An agent that breaks Descry: named before it on the command line, it makes the ledger throw.
 *
 * <p>Its argument is {@code doors} or {@code books}, a colon and the name of what is thrown: either
 * every method that advised code calls throws at once, or what these methods do inside.
 */
public final class FaultAgent {
  private static final String LEDGER = "io/descry/ledger/Ledger";
  private static final Set<String> DOORS =
      Set.of(
          "opened",
          "openedPath",
          "accepted",
          "socket",
          "adopted",
          "directoryStream",
          "closing",
          "closingDirectory",
          "replaced");
  private static final Set<String> BOOKS = Set.of("record", "close", "live");

  private FaultAgent() {}

  /** Called by the JVM. */
  public static void premain(String argument, Instrumentation instrumentation) {
    int colon = argument.indexOf(':');
    Set<String> methods = argument.startsWith("doors") ? DOORS : BOOKS;
    String thrown = argument.substring(colon + 1).replace('.', '/');
    instrumentation.addTransformer(
        new ClassFileTransformer() {
          @Override
          public byte[] transform(
              ClassLoader loader,
              String name,
              Class<?> redefined,
              ProtectionDomain domain,
              byte[] bytes) {
            return LEDGER.equals(name) ? breaking(bytes, methods, thrown) : null;
          }
        });
  }

  private static byte[] breaking(byte[] bytes, Set<String> methods, String thrown) {
    ClassReader reader = new ClassReader(bytes);
    ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
            if (!methods.contains(name)) {
              return next;
            }
            System.err.println("broken: " + name + descriptor);
            // In place of the body: what is left of it could not be reached.
            next.visitCode();
            next.visitTypeInsn(Opcodes.NEW, thrown);
            next.visitInsn(Opcodes.DUP);
            next.visitMethodInsn(Opcodes.INVOKESPECIAL, thrown, "<init>", "()V", false);
            next.visitInsn(Opcodes.ATHROW);
            next.visitMaxs(0, 0);
            next.visitEnd();
            return null;
          }
        },
        0);
    return writer.toByteArray();
  }
}
