package io.descry.lab.owners;

import com.caoccao.javet.interop.NodeRuntime;
import com.caoccao.javet.interop.V8Host;
import java.nio.file.Path;

/** Node in this process. */
final class NodeRuntimes implements Library {
  @Override
  public AutoCloseable open(Path directory) throws Exception {
    NodeRuntime runtime = V8Host.getNodeInstance().createV8Runtime();
    runtime.getExecutor("1 + 1").executeInteger();
    return runtime;
  }
}
