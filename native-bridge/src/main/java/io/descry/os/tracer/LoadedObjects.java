package io.descry.os.tracer;

import io.descry.os.tracer.NativeObject.Role;
import java.util.ArrayList;
import java.util.List;

/** The shared objects that are or were loaded, by number and by address. For one thread. */
final class LoadedObjects {
  /** An object and where it is or was. */
  static final class Entry {
    final Region.LoadedObject loaded;
    final NativeObject object;
    long unloaded;

    Entry(int number, Region.LoadedObject loaded) {
      this.loaded = loaded;
      this.unloaded = loaded.unloaded();
      this.object =
          new NativeObject(
              number, loaded.path(), loaded.soname(), loaded.buildId(), role(loaded.flags()));
    }

    /** Whether the JVM's own code is in it. */
    boolean isJvm() {
      return object.role() == Role.JDK && object.name().equals("libjvm.so");
    }

    private boolean has(long address) {
      return address >= loaded.begin() && address < loaded.end();
    }

    private boolean isThereAt(long nanos) {
      return loaded.loaded() - nanos <= 0 && (unloaded == 0 || unloaded - nanos >= 0);
    }

    private static Role role(int flags) {
      if ((flags & Region.OBJECT_FETCHED) != 0) {
        return Role.FETCHED;
      }
      if ((flags & Region.OBJECT_DESCRY) != 0) {
        return Role.DESCRY;
      }
      return (flags & Region.OBJECT_JDK) != 0 ? Role.JDK : Role.LIBRARY;
    }
  }

  private final Region region;

  /** By number; number 0 is no object. */
  private final List<Entry> entries = new ArrayList<>();

  LoadedObjects(Region region) {
    this.region = region;
    entries.add(null);
  }

  /** Reads what was loaded and unloaded since the last time. */
  void refresh() {
    for (int number = 1; number < entries.size(); number++) {
      entries.get(number).unloaded = region.unloaded(number);
    }
    readNew();
  }

  private void readNew() {
    int count = region.objectCount();
    for (int number = entries.size(); number < count; number++) {
      entries.add(new Entry(number, region.object(number)));
    }
  }

  /** The object of a number; {@code null} when there is none. */
  NativeObject object(int number) {
    if (number >= entries.size()) {
      readNew();
    }
    return number <= 0 || number >= entries.size() ? null : entries.get(number).object;
  }

  /**
   * The object that an address belonged to; {@code null} when to none.
   *
   * @param nanos when. An object whose code ran before the tracer first saw it is found too, unless
   *     another was known there then.
   */
  Entry at(long address, long nanos) {
    Entry nearest = null;
    for (int number = 1; number < entries.size(); number++) {
      Entry entry = entries.get(number);
      if (!entry.has(address)) {
        continue;
      }
      if (entry.isThereAt(nanos)) {
        return entry;
      }
      if (entry.loaded.loaded() - nanos > 0 && nearest == null) {
        nearest = entry;
      }
    }
    return nearest;
  }
}
