package io.descry.agent;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Which Descry this is. */
final class Version {
  /** As the build wrote it, such as {@code 0.1.0}. */
  static final String TEXT = read();

  private Version() {}

  private static String read() {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      properties.load(in);
    } catch (IOException | NullPointerException e) {
      throw new IllegalStateException("the agent jar is damaged: no version.properties", e);
    }
    return properties.getProperty("version");
  }
}
