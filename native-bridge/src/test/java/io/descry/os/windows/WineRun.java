package io.descry.os.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.tracer.BuiltLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What src/build/windows.sh made: layouts by mingw-w64, and a run of opens.c under Wine. */
final class WineRun {
  private static final int LEFT_OUT = 77;
  private static Path done;

  private WineRun() {}

  /** The directory, made once in this JVM. */
  static synchronized Path directory() throws IOException, InterruptedException {
    if (done == null) {
      Path out = Path.of("target", "windows-by-" + Runtime.version().feature()).toAbsolutePath();
      Path log = Files.createDirectories(out.getParent()).resolve(out.getFileName() + ".log");
      int status =
          new ProcessBuilder("sh", "src/build/windows.sh", out.toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start()
              .waitFor();
      String said = Files.readString(log).strip();
      System.out.println(said);
      if (status == LEFT_OUT) {
        BuiltLibrary.leaveOut(said.substring(said.lastIndexOf('\n') + 1));
      }
      assertThat(status).as(said).isZero();
      done = out;
    }
    return done;
  }
}
