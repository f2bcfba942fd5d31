package io.descry.os.tracer;

import io.descry.os.symbols.Image;
import io.descry.os.symbols.Symbol;
import io.descry.os.symbols.Symbols;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The stacks of the region with names. Java frames are named when they are first seen, as their
 * methods may go; native frames when a use of a number is asked about. Equal stacks are one object.
 * For one thread at a time.
 */
final class NativeStacks {
  private record Pair(int natives, int java) {}

  private record Place(NativeObject object, long offset) {}

  private final Region region;
  private final LoadedObjects objects;
  private final Symbols symbols;
  private final JavaFrames javaFrames;
  private final Map<Integer, List<StackTraceElement>> javas = new HashMap<>();
  private final Map<Pair, NativeStack> pairs = new HashMap<>();
  private final Map<NativeStack, NativeStack> stacks = new HashMap<>();
  private final Map<Place, NativeFrame> frames = new HashMap<>();
  private final boolean[] read;
  private long wordsRead;
  private boolean incomplete;

  NativeStacks(Region region, LoadedObjects objects, Symbols symbols, JavaFrames javaFrames) {
    this.region = region;
    this.objects = objects;
    this.symbols = symbols;
    this.javaFrames = javaFrames;
    this.read = new boolean[region.stackCount()];
  }

  /** Names the Java frames of the stacks that were taken since the last time. */
  void refresh() {
    symbols.forget();
    long words = region.wordsUsed();
    if (words == wordsRead && !incomplete) {
      return;
    }
    wordsRead = words;
    incomplete = false;
    for (int number = 1; number < read.length; number++) {
      if (!read[number] && region.isTaken(number)) {
        if (region.isReady(number)) {
          java(number);
        } else {
          incomplete = true;
        }
      }
    }
  }

  /** The stack of two numbers of the region, 0 for none. */
  NativeStack of(int natives, int java) {
    if (natives == 0 && java == 0) {
      return NativeStack.NONE;
    }
    Pair pair = new Pair(natives, java);
    NativeStack known = pairs.get(pair);
    if (known == null) {
      NativeStack stack = new NativeStack(natives(natives), java(java));
      NativeStack same = stacks.putIfAbsent(stack, stack);
      known = same == null ? stack : same;
      pairs.put(pair, known);
    }
    return known;
  }

  private List<StackTraceElement> java(int number) {
    if (number <= 0 || number >= read.length) {
      return List.of();
    }
    List<StackTraceElement> known = javas.get(number);
    if (known == null && !read[number]) {
      Region.Stack stack = region.stack(number);
      read[number] = stack != null;
      if (stack != null && stack.isJava()) {
        known = javaFrames.of(stack.words());
        javas.put(number, known);
      }
    }
    return known == null ? List.of() : known;
  }

  /**
   * Up to where the JVM begins: its generated code belongs to no object, and beneath its library
   * there is but the start of a thread. Code that another engine generated (V8) ends it too.
   */
  private List<NativeFrame> natives(int number) {
    Region.Stack stack = region.stack(number);
    if (stack == null || stack.isJava()) {
      return List.of();
    }
    List<NativeFrame> found = new ArrayList<>(stack.words().length);
    for (long address : stack.words()) {
      // A call may be the last instruction of its object.
      LoadedObjects.Entry entry = objects.at(address - 1, stack.taken());
      if (entry == null || entry.isJvm()) {
        break;
      }
      found.add(frame(entry, address - entry.loaded.base()));
    }
    return found;
  }

  private NativeFrame frame(LoadedObjects.Entry entry, long offset) {
    Place place = new Place(entry.object, offset);
    NativeFrame known = frames.get(place);
    if (known == null) {
      Symbol symbol = symbols.find(image(entry), offset);
      known =
          symbol == null
              ? new NativeFrame(entry.object, offset, null, 0)
              : new NativeFrame(entry.object, offset, symbol.name(), symbol.within());
      frames.put(place, known);
    }
    return known;
  }

  private static Image image(LoadedObjects.Entry entry) {
    Region.LoadedObject loaded = entry.loaded;
    return new Image(
        loaded.path(),
        loaded.buildId(),
        loaded.base(),
        loaded.begin(),
        loaded.end(),
        loaded.dynamic(),
        entry.unloaded == 0);
  }
}
