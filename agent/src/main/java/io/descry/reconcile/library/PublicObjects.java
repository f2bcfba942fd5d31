package io.descry.reconcile.library;

import java.util.List;
import java.util.regex.Pattern;

/** Tells shared objects that anybody may have from those of an application's own. */
public final class PublicObjects {
  private static final Pattern JDKS =
      Pattern.compile("lib(?:jvm|java|jli|net|nio|zip|verify|jimage|instrument|extnet)\\.so");

  private PublicObjects() {}

  /**
   * Whether a shared object is the C runtime's, the JDK's, or of a library that Descry knows, by
   * the name of its file or its soname: that such a one is loaded says nothing of who wrote the
   * application.
   */
  public static boolean has(String file) {
    return JDKS.matcher(file).matches()
        || Libraries.SUPPORT.matcher(file).matches()
        || KnownLibrary.of(List.of(file)) != null;
  }
}
