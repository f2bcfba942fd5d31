package io.descry.junit;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * What {@link NoDescriptorLeaks} does. Comes with the annotation; where JUnit detects extensions by
 * itself ({@code junit.jupiter.extensions.autodetection.enabled}) and the configuration parameter
 * {@code descry.junit.all} is {@code true}, it looks at all tests, annotated or not.
 *
 * <p>A verdict is given when JUnit closes what extensions have stored for a test or class: that is
 * after all callbacks, and last for what was stored first.
 */
public final class NoDescriptorLeaksExtension implements BeforeAllCallback, BeforeEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(NoDescriptorLeaksExtension.class);

  /** Called by JUnit. */
  public NoDescriptorLeaksExtension() {}

  @Override
  public void beforeAll(ExtensionContext context) {
    begin(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    begin(context);
  }

  private static void begin(ExtensionContext context) {
    Settings settings = Settings.of(context);
    if (settings.check() ? Agent.isThere(settings) : isIn(outermostClass(context))) {
      Span outermost = span(outermostClass(context), null, settings);
      Span span = span(context, outermost, settings);
      span.begin();
    }
  }

  /** Whether a class is looked at: what an excepted test leaves open is then excepted of it. */
  private static boolean isIn(ExtensionContext outermost) {
    return outermost.getStore(NAMESPACE).get(outermost.getUniqueId()) != null;
  }

  /** Stored by the context's own id, for a store also finds what its parents have. */
  private static Span span(ExtensionContext context, Span outermost, Settings settings) {
    return context
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            context.getUniqueId(), any -> new Span(context, outermost, settings), Span.class);
  }

  private static ExtensionContext outermostClass(ExtensionContext context) {
    ExtensionContext outermost = context;
    for (ExtensionContext each = context; each != null; each = each.getParent().orElse(null)) {
      if (each.getTestClass().isPresent()) {
        outermost = each;
      }
    }
    return outermost;
  }
}
