package io.descry.junit;

import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Whether a test or class is answerable for what was opened while it ran. Where tests run one after
 * the other it is; where they run at the same time, of another's doing nothing may be said: then a
 * test is, if its own thread opened it or it is in the stack, and a class if it is in the stack.
 */
final class Attribution {
  private final boolean parallel;
  private final String type;
  private final String method;
  private final String thread;

  Attribution(ExtensionContext context, boolean parallel) {
    this.parallel = parallel;
    this.type = context.getTestClass().map(Class::getName).orElse(null);
    this.method = context.getTestMethod().map(java.lang.reflect.Method::getName).orElse(null);
    this.thread = method == null ? null : Thread.currentThread().getName();
  }

  /** Whether it is answerable. */
  boolean includes(Leftover leftover) {
    if (!parallel) {
      return true;
    }
    if (thread != null && !thread.isEmpty() && thread.equals(leftover.thread())) {
      return true;
    }
    return type != null && leftover.java().stream().map(Frames::bare).anyMatch(this::isOwn);
  }

  private boolean isOwn(String bare) {
    return Frames.isOf(bare, type)
        && (method == null
            || bare.contains("." + method + "(")
            || bare.contains("lambda$" + method + "$"));
  }
}
