package io.descry.e2e.suites;

import io.descry.junit.NoDescriptorLeaks;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Two tests that run at the same time, of which one leaks while the other is looked at. */
@NoDescriptorLeaks(graceMillis = 300)
@Execution(ExecutionMode.CONCURRENT)
class SideBySide {
  private static final CountDownLatch BOTH = new CountDownLatch(2);
  private static final CountDownLatch LEAKED = new CountDownLatch(1);

  @Test
  void leaks() throws Exception {
    BOTH.countDown();
    BOTH.await();
    new FileInputStream(Path.of(System.getProperty("java.home"), "release").toFile()).read();
    LEAKED.countDown();
  }

  @Test
  void leaksNothing() throws InterruptedException, IOException {
    BOTH.countDown();
    BOTH.await();
    LEAKED.await();
  }
}
