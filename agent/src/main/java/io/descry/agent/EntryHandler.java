package io.descry.agent;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;

/** Reads a resource's URL from the loader that has it, without opening the agent jar again. */
public final class EntryHandler extends URLStreamHandler {
  private final ClassLoader loader;

  /** Reads what this loader has. */
  public EntryHandler(ClassLoader loader) {
    this.loader = loader;
  }

  @Override
  protected URLConnection openConnection(URL url) {
    return new URLConnection(url) {
      @Override
      public void connect() {
        connected = true;
      }

      @Override
      public InputStream getInputStream() throws IOException {
        InputStream in = loader.getResourceAsStream(url.getPath().substring(1));
        if (in == null) {
          throw new IOException("not in the agent jar: " + url);
        }
        return in;
      }
    };
  }
}
