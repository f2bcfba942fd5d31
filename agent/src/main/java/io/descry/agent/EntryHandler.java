package io.descry.agent;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/** Reads a resource's URL from the agent jar that is open already, without opening it again. */
public final class EntryHandler extends URLStreamHandler {
  private final JarFile jar;

  /** Reads from a jar that stays open. */
  public EntryHandler(JarFile jar) {
    this.jar = jar;
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
        ZipEntry entry = jar.getEntry(url.getPath().substring(1));
        if (entry == null) {
          throw new IOException("not in the agent jar: " + url);
        }
        return jar.getInputStream(entry);
      }
    };
  }
}
