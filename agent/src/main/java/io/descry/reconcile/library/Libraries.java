package io.descry.reconcile.library;

import io.descry.os.linux.LoadedFunction;
import io.descry.os.tracer.NativeFrame;
import io.descry.os.tracer.NativeObject;
import io.descry.os.tracer.NativeObject.Role;
import io.descry.os.tracer.NativeUse;
import io.descry.reconcile.Library;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Gives the library that is answerable for a native open the name and version by which its
 * maintainers know it. Asked about the same object it answers the same. Not safe for several
 * threads.
 */
public final class Libraries {
  /**
   * What works on behalf of its caller: the C and C++ runtimes, allocators, thin wrappers of system
   * calls, and the bridges to C that JNA is.
   */
  static final Pattern SUPPORT =
      Pattern.compile(
          "(?:ld-linux.*|ld-musl.*|ld64|libc|libm|libmvec|libdl|libpthread|librt|libutil|libresolv"
              + "|libanl|libnsl|libgcc_s|libstdc\\+\\+|libc\\+\\+|libc\\+\\+abi|libunwind.*|libz"
              + "|libffi|liburing|libaio|libjemalloc|libtcmalloc.*|libmimalloc)"
              + "(?:-[0-9.]+)?\\.so.*");

  private static final Pattern BRIDGE = Pattern.compile("libjnidispatch.*\\.so|jna\\d*\\.tmp");

  private static final Pattern LIBUV = Pattern.compile("uv__?[a-z].*");
  private static final String LIBUV_NAME = "libuv";
  private static final String LIBUV_VERSION = "uv_version_string";

  private static final Pattern SYSTEM = Pattern.compile("(?:/usr(?:/local)?)?/lib(?:32|64)?/.*");

  private final ArtifactSearch artifacts;
  private final Map<NativeObject, Library> named = new HashMap<>();
  private final Map<NativeObject, Library> embedded = new HashMap<>();

  /** Names with versions from the jars that this JVM uses. */
  public Libraries() {
    this(new ArtifactSearch(JavaArchives::ofThisProcess));
  }

  Libraries(ArtifactSearch artifacts) {
    this.artifacts = artifacts;
  }

  /**
   * Who is answerable for a use; {@code null} when the JDK or Descry is, or nobody is known to be.
   */
  public Library of(NativeUse use) {
    NativeObject object = answerable(use);
    if (object == null || object.role() == Role.JDK || object.role() == Role.DESCRY) {
      return null;
    }
    Library library = named.computeIfAbsent(object, this::name);
    if (!library.name().equals(LIBUV_NAME) && runsLibuv(use, object)) {
      return embedded.computeIfAbsent(object, in -> libuvIn(in));
    }
    return library;
  }

  /** The innermost object that does not work on behalf of its caller. */
  private static NativeObject answerable(NativeUse use) {
    if (use.object() != null && isAnswerable(use.object())) {
      return use.object();
    }
    for (NativeFrame frame : use.stack().natives()) {
      if (frame.object() != null
          && frame.object().role() == Role.LIBRARY
          && isAnswerable(frame.object())) {
        return frame.object();
      }
    }
    return bridge(use);
  }

  private static NativeObject bridge(NativeUse use) {
    for (NativeFrame frame : use.stack().natives()) {
      if (frame.object() != null && BRIDGE.matcher(frame.object().name()).matches()) {
        return frame.object();
      }
    }
    return use.object();
  }

  private static boolean isAnswerable(NativeObject object) {
    String name = object.name();
    return !SUPPORT.matcher(name).matches() && !BRIDGE.matcher(name).matches();
  }

  private Library name(NativeObject object) {
    if (object.role() == Role.FETCHED) {
      return new Library(object.name(), null, null);
    }
    List<String> names = names(object);
    KnownLibrary known = KnownLibrary.of(names);
    if (known != null) {
      return new Library(
          name(known, names), version(known, object, names), object.path(), object.buildId());
    }
    String stem = stem(object.name());
    if (SYSTEM.matcher(object.path()).matches()) {
      return new Library(stem, null, object.path(), object.buildId());
    }
    Artifact artifact = artifacts.carrying(stem, object.buildId());
    return artifact == null
        ? new Library(stem, null, object.path())
        : new Library(artifact.name(), artifact.version(), object.path(), object.buildId());
  }

  /** With the packages before it, when it was moved there: not everybody's copy. */
  private static String name(KnownLibrary known, List<String> names) {
    String prefix = known.group(names, "prefix");
    return prefix == null
        ? known.name()
        : known.name() + " (" + prefix.replaceAll("_+$", "").replace('_', '.') + ")";
  }

  private String version(KnownLibrary known, NativeObject object, List<String> names) {
    String version = known.group(names, "version");
    if (version == null && known.versionFunction() != null) {
      version = LoadedFunction.text(object.path(), known.versionFunction());
    }
    if (version == null && known.artifact() != null) {
      version = artifacts.version(known, object.buildId());
    }
    return version;
  }

  /** Whether the innermost frames of the object are those of a libuv that is linked into it. */
  private static boolean runsLibuv(NativeUse use, NativeObject object) {
    for (NativeFrame frame : use.stack().natives()) {
      if (object.equals(frame.object())
          && frame.symbol() != null
          && LIBUV.matcher(frame.symbol()).matches()) {
        return true;
      }
    }
    return false;
  }

  private static Library libuvIn(NativeObject object) {
    return new Library(
        LIBUV_NAME + " (in " + stem(object.name()) + ")",
        LoadedFunction.text(object.path(), LIBUV_VERSION),
        object.path(),
        object.buildId());
  }

  private static List<String> names(NativeObject object) {
    List<String> names = new ArrayList<>();
    names.add(object.name());
    String file = object.path().substring(object.path().lastIndexOf('/') + 1);
    if (!file.equals(object.name())) {
      names.add(file);
    }
    return names;
  }

  /** A file's name without machine and version of the ABI. */
  private static String stem(String file) {
    String stem = file.replaceFirst("\\.(?:so|tmp)\\b.*", "").replaceFirst("-linux.*", "");
    return stem.isEmpty() ? file : stem;
  }
}
