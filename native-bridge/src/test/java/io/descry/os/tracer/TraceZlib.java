package io.descry.os.tracer;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.descry.os.Blind;
import io.descry.os.JnaLoading;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Traces what the system's zlib opens and closes, and prints what the tracer says of it. */
final class TraceZlib {
  private TraceZlib() {}

  public static void main(String[] arguments) throws IOException {
    JnaLoading.once();
    NativeLibrary zlib = NativeLibrary.getInstance("libz.so.1");
    System.setProperty("os.name", System.getProperty("traced.os", "Linux"));
    Tracer tracer = Tracer.ofThisProcess(Tracer.Stacks.ALL);
    System.out.println("on " + tracer.on());
    Path path = Files.createTempFile("descry", ".gz");
    Pointer file = open(zlib, path.toString());
    int number = number(path.toString());
    open(zlib, "/nowhere");
    Files.delete(path);
    tracer.refresh();
    NativeUse use = tracer.use(number);
    print(use);
    System.out.println("same " + (use == tracer.use(number)));
    zlib.getFunction("gzclose").invokeInt(new Object[] {file});
    tracer.refresh();
    use = tracer.use(number);
    if (use != null && use.close() != null) {
      System.out.println("closed by " + use.close().object().name() + " " + use.close().call());
    }
    for (NativeError error : tracer.errors()) {
      System.out.println("error " + error.call() + " " + error.errno() + " " + error.count());
    }
    for (Blind blind : tracer.blind()) {
      System.out.println("blind " + blind.what() + ": " + blind.why());
    }
  }

  private static Pointer open(NativeLibrary zlib, String path) {
    return (Pointer) zlib.getFunction("gzopen").invoke(Pointer.class, new Object[] {path, "r"});
  }

  private static int number(String path) throws IOException {
    for (String name : new File("/proc/self/fd").list()) {
      Path link = Path.of("/proc/self/fd", name);
      if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).toString().equals(path)) {
        return Integer.parseInt(name);
      }
    }
    throw new IOException("not open: " + path);
  }

  private static void print(NativeUse use) {
    if (use == null) {
      System.out.println("unseen");
      return;
    }
    System.out.println("use " + use.call() + " " + use.object().name());
    use.stack().natives().forEach(frame -> System.out.println("native " + frame));
    use.stack().java().forEach(frame -> System.out.println("java " + frame));
  }
}
