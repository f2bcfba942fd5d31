package io.descry.os.linux;

import io.descry.os.Descriptor;
import io.descry.os.Kind;
import io.descry.os.Limits;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is open in a process that ends before any adapter was made, in plain Java and with few
 * classes, for their loading is what takes time there. It knows no sockets.
 */
public final class EarlyLook {
  private static final String FD = "/proc/self/fd";
  private static final String LIMITS = "/proc/self/limits";
  private static final String LIMIT = "Max open files";

  private EarlyLook() {}

  /**
   * Every open descriptor, ascending by number; {@code null} when there is a socket or the system
   * does not tell everything.
   */
  public static List<Descriptor> descriptors() {
    String[] names = new File(FD).list();
    if (names == null) {
      return null;
    }
    List<Descriptor> found = new ArrayList<>();
    // The kernel lists them by ascending number (fs/proc/fd.c, proc_readfd_common).
    for (String name : names) {
      try {
        int number = Integer.parseInt(name);
        Path link = Path.of(FD, name);
        String target = Files.readSymbolicLink(link).toString();
        if (Links.isSocket(target)) {
          return null;
        }
        Map<String, Object> status = Files.readAttributes(link, "unix:mode,dev,ino");
        Kind kind = Links.kind(target, (Integer) status.get("mode"));
        long device = (Long) status.get("dev");
        long inode = (Long) status.get("ino");
        found.add(new Descriptor(number, kind, target, device, inode, -1, -1, null, null));
      } catch (NoSuchFileException e) {
        // Closed since the listing, as the listing's own descriptor always is.
        continue;
      } catch (IOException e) {
        return null;
      }
    }
    return found;
  }

  /** The limits in force now; {@code null} when the system does not tell them. */
  public static Limits limits() {
    // Not Files.readString: its class opens a socket pair for good in JDK 17.
    try (InputStream in = new FileInputStream(LIMITS)) {
      return limits(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      return null;
    }
  }

  /** The line {@code Max open files SOFT HARD files} of /proc/self/limits. */
  static Limits limits(String text) {
    int line = text.indexOf(LIMIT);
    if (line < 0) {
      return new Limits(Limits.UNKNOWN, Limits.UNKNOWN);
    }
    int[] at = {line + LIMIT.length()};
    long soft = limit(text, at);
    return new Limits(soft, limit(text, at));
  }

  private static long limit(String text, int[] at) {
    int from = at[0];
    while (from < text.length() && text.charAt(from) == ' ') {
      from++;
    }
    int end = from;
    while (end < text.length() && text.charAt(end) > ' ') {
      end++;
    }
    at[0] = end;
    String word = text.substring(from, end);
    return word.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(word);
  }
}
