package io.descry.report;

import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import java.util.List;
import java.util.Locale;

/**
 * Which descriptors are asked for.
 *
 * @param group of which group, by its {@linkplain #id id}; empty: of any
 * @param text what must stand in number, target, thread, kind, library or stack, in lower case;
 *     empty: anything
 */
public record DescriptorQuery(String group, String text) {
  private static final long BASIS = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  public DescriptorQuery {
    text = text.strip().toLowerCase(Locale.ROOT);
  }

  /** A name for a group, within the life of this process: FNV-1a over what it has in common. */
  static String id(GroupKey key) {
    long hash = mixed(BASIS, key.owner().label());
    hash = mixed(hash, key.kind().label());
    hash = mixed(hash, key.library() == null ? "" : key.library().toString());
    hash = mixed(hash, key.site().java());
    hash = mixed(hash, key.site().natives());
    return Long.toHexString(hash);
  }

  boolean isOf(GroupKey key) {
    return group.isEmpty() || group.equals(id(key));
  }

  boolean matches(OwnedDescriptor owned) {
    GroupKey key = owned.group();
    return text.isEmpty()
        || Integer.toString(owned.descriptor().number()).equals(text)
        || has(FindingText.target(owned.descriptor()))
        || has(owned.thread())
        || has(owned.meaning())
        || has(key.kind().label())
        || has(key.owner().label())
        || key.library() != null && has(key.library().name())
        || key.site().java().stream().anyMatch(this::has)
        || key.site().natives().stream().anyMatch(this::has);
  }

  private boolean has(String field) {
    return field != null && field.toLowerCase(Locale.ROOT).contains(text);
  }

  private static long mixed(long hash, List<String> texts) {
    long mixed = hash;
    for (String text : texts) {
      mixed = mixed(mixed, text);
    }
    return mixed;
  }

  private static long mixed(long hash, String text) {
    long mixed = hash;
    for (int i = 0; i < text.length(); i++) {
      mixed = (mixed ^ text.charAt(i)) * PRIME;
    }
    // A text's end counts, too.
    return (mixed ^ 0xffff) * PRIME;
  }
}
