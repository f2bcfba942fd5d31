package io.descry.owner;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.security.CodeSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks up versions of libraries: in the Maven metadata beside a class, else in the name of its
 * jar, else in its package's manifest. Keeps what it found by name, and no class.
 */
final class Versions {
  private static final int KEPT_AT_MOST = 1_000;

  private final Map<String, String> found = new HashMap<>();

  /**
   * The version of an artefact; {@code null} when unknown.
   *
   * @param artifact {@code group:artifact}
   * @param object one of its objects; {@code null}: only what was found before is told
   * @param className the object's class
   */
  String of(String artifact, Object object, String className) {
    String key = artifact + ' ' + className;
    if (found.containsKey(key) || object == null) {
      return found.get(key);
    }
    String version = lookUp(artifact, object.getClass());
    if (found.size() < KEPT_AT_MOST) {
      found.put(key, version);
    }
    return version;
  }

  private static String lookUp(String artifact, Class<?> type) {
    try {
      String version = inMetadata(artifact, type);
      String name = artifact.substring(artifact.indexOf(':') + 1);
      version = version == null ? inJarName(name, type) : version;
      return version == null ? inManifest(artifact, type) : version;
    } catch (IOException | RuntimeException | LinkageError e) {
      // The application's class loader and what it reads may fail in any way.
      return null;
    }
  }

  private static String inMetadata(String artifact, Class<?> type) throws IOException {
    String path = "META-INF/maven/" + artifact.replace(':', '/') + "/pom.properties";
    ClassLoader loader = type.getClassLoader();
    URL url = loader == null ? null : loader.getResource(path);
    if (url == null) {
      return null;
    }
    URLConnection connection = url.openConnection();
    // A cached jar would stay open for ever.
    connection.setUseCaches(false);
    Properties properties = new Properties();
    try (InputStream in = connection.getInputStream()) {
      properties.load(in);
    }
    return properties.getProperty("version");
  }

  private static String inJarName(String name, Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return null;
    }
    Matcher matcher =
        Pattern.compile(Pattern.quote(name) + "-(\\d[\\w.]*(?:-[\\w.]+)?)\\.jar")
            .matcher(source.getLocation().getPath());
    return matcher.find() ? matcher.group(1) : null;
  }

  /** The manifest of a jar into which a library was moved tells the jar's own version. */
  private static String inManifest(String artifact, Class<?> type) {
    String group = artifact.substring(0, Math.max(artifact.indexOf(':'), 0));
    return type.getName().startsWith(group + ".")
        ? type.getPackage().getImplementationVersion()
        : null;
  }
}
