package io.descry.owner.modules;

import io.descry.owner.Claim;
import io.descry.owner.HandleType;
import io.descry.owner.OwnerModule;
import java.util.List;

/**
 * Javet: the V8 and Node runtimes. Node's descriptors (an event loop's each) are known to nothing
 * in Java, so a runtime claims none; it tells how many runtimes are open, made where.
 */
public final class Javet implements OwnerModule {
  /** Called by the service loader. */
  public Javet() {}

  @Override
  public List<HandleType> handles() {
    return List.of(
        HandleType.of("com.caoccao.javet.interop.V8Runtime").opens("<init>", Claim.nothing()),
        // Not V8Runtime.close: of a pooled runtime that gives it back to its pool.
        HandleType.of("com.caoccao.javet.interop.V8Host").closesParameter("closeV8Runtime"));
  }

  @Override
  public String artifact(String className) {
    return "com.caoccao.javet:javet";
  }

  @Override
  public String meaning(Object handle) {
    // NodeRuntime or V8Runtime.
    return "an open " + handle.getClass().getSimpleName();
  }
}
