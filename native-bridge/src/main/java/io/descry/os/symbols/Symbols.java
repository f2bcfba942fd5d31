package io.descry.os.symbols;

import io.descry.os.linux.ProcessMemory;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Names the functions of loaded objects: from the object's file when that is still the one that was
 * loaded, else from its memory. An object is read when it is first asked about, and forgotten when
 * nobody asks about it for a while. Safe for several threads; never throws.
 */
public final class Symbols {
  /** The kernel's page, which has an object's headers. */
  private static final int PAGE = 4096;

  /** An object's tables, the fullest first; empty when none could be read. */
  private static final class Tables {
    final List<SymbolTable> tables;
    boolean used = true;

    Tables(List<SymbolTable> tables) {
      this.tables = tables;
    }
  }

  private final Demangled demangled;
  private final ProcessMemory memory = new ProcessMemory();
  private final Map<Image, Tables> read = new HashMap<>();
  private long unread;

  /**
   * Names by which nobody has asked yet.
   *
   * @param demangler turns a mangled C++ name into what its programmer wrote, {@code null} when it
   *     is none
   */
  public Symbols(UnaryOperator<String> demangler) {
    this.demangled = new Demangled(demangler);
  }

  /**
   * The function that a return address leads back into; {@code null} when its name is not to be
   * had.
   *
   * @param offset the address less the image's base
   */
  public synchronized Symbol find(Image image, long offset) {
    Tables tables = read.computeIfAbsent(image, this::read);
    tables.used = true;
    for (SymbolTable table : tables.tables) {
      // The call itself is before the address to which it returns, which may be beyond the end.
      int index = table.find(offset - 1);
      if (index >= 0) {
        return new Symbol(demangled.of(table.name(index)), offset - table.address(index));
      }
    }
    return null;
  }

  /** Forgets the objects that nobody asked about since the last time that this was called. */
  public synchronized void forget() {
    read.values().removeIf(tables -> !tables.used);
    read.values().forEach(tables -> tables.used = false);
  }

  /** How often an object was asked about whose symbols could not be read. */
  public synchronized long unread() {
    return unread;
  }

  private Tables read(Image image) {
    try {
      List<SymbolTable> tables = fromFile(image);
      return new Tables(tables == null ? List.of(fromMemory(image)) : tables);
    } catch (IOException | LinkageError e) {
      // No descriptor left, unloaded meanwhile, no JNA: then there are no names, only offsets.
      unread++;
      return new Tables(List.of());
    }
  }

  private SymbolTable fromMemory(Image image) throws IOException {
    if (!image.isLoaded()) {
      throw new IOException("unloaded");
    }
    return new DynamicSection(image, new ImageSource(image, memory)).exportedSymbols();
  }

  /** {@code null} when the file is gone, cannot be read, or is another by now. */
  private List<SymbolTable> fromFile(Image image) {
    File path = new File(image.path().isEmpty() ? "/proc/self/exe" : image.path());
    if (!path.isFile()) {
      return null;
    }
    try (RandomAccessFile file = new RandomAccessFile(path, "r")) {
      ElfFile elf = new ElfFile(new FileSource(file));
      String buildId = elf.buildId();
      boolean same = buildId == null ? isSame(file, image) : buildId.equals(image.buildId());
      return same ? tables(elf) : null;
    } catch (IOException e) {
      return null; // Memory is the other way, and its failure is counted.
    }
  }

  private static List<SymbolTable> tables(ElfFile elf) throws IOException {
    List<SymbolTable> tables = new ArrayList<>();
    SymbolTable all = elf.allSymbols();
    if (all != null) {
      return List.of(all);
    }
    SymbolTable exported = elf.exportedSymbols();
    if (exported != null) {
      tables.add(exported);
    }
    SymbolTable stripped = MiniDebugInfo.symbols(elf);
    if (stripped != null) {
      tables.add(stripped);
    }
    return tables;
  }

  /** Without a build id the headers tell: sizes and places of all parts, and the hash table. */
  private boolean isSame(RandomAccessFile file, Image image) throws IOException {
    if (!image.isLoaded() || image.buildId() != null || file.length() < PAGE) {
      return false;
    }
    byte[] onDisk = new byte[PAGE];
    file.seek(0);
    file.readFully(onDisk);
    byte[] loaded = new byte[PAGE];
    memory.read(image.begin(), loaded);
    return Arrays.equals(onDisk, loaded);
  }
}
