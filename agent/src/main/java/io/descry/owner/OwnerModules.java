package io.descry.owner;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;

/** The modules that are on, and their handle types by the number that advised code names. */
public final class OwnerModules {
  /** Is told of modules that could not be used. */
  public interface Failures {
    /**
     * @param where which module, class or file
     * @param reason what was thrown
     */
    void failed(String where, Throwable reason);
  }

  /**
   * A handle type of a module.
   *
   * @param module whose it is
   * @param type what is declared
   */
  public record Entry(OwnerModule module, HandleType type) {}

  /**
   * Simple names of the classes that the modules in Descry's jar know. By them most classes are
   * told from handles before any module is loaded, which takes milliseconds of the start.
   */
  public static final Set<String> SIMPLE_NAMES =
      Set.of(
          "AFCore",
          "AbstractImmutableNativeReference",
          "AbstractNativeServerSocketChannel",
          "AbstractNativeSocketChannel",
          "DB",
          "EpollEventLoop",
          "EpollIoHandler",
          "FileDescriptor",
          "IOUringEventLoop",
          "IoUringIoHandler",
          "NativeDeviceChannel",
          "NativeServerSocketChannel",
          "NativeSocketChannel",
          "OptimisticTransactionDB",
          "RingBuffer",
          "RocksDB",
          "SstFileReader",
          "SstFileWriter",
          "TransactionDB",
          "TtlDB",
          "V8Host",
          "V8Runtime");

  private static final int MODULES_AT_MOST = 1_000;

  private final List<Entry> entries;

  private OwnerModules(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /** These modules, in this order. */
  public static OwnerModules of(Iterable<OwnerModule> modules) {
    List<Entry> entries = new ArrayList<>();
    for (OwnerModule module : modules) {
      for (HandleType type : module.handles()) {
        entries.add(new Entry(module, type));
      }
    }
    return new OwnerModules(entries);
  }

  /**
   * The modules that a loader and its parents name as services.
   *
   * @param failures is told of those that cannot be made; the others are on
   */
  public static OwnerModules load(ClassLoader loader, Failures failures) {
    List<Entry> entries = new ArrayList<>();
    Iterator<OwnerModule> found = ServiceLoader.load(OwnerModule.class, loader).iterator();
    // Bounded, for where the services themselves cannot be listed the loader fails at each try.
    for (int tries = 0; tries < MODULES_AT_MOST; tries++) {
      try {
        if (!found.hasNext()) {
          break;
        }
        OwnerModule module = found.next();
        for (HandleType type : List.copyOf(module.handles())) {
          entries.add(new Entry(module, type));
        }
      } catch (ServiceConfigurationError | RuntimeException | LinkageError e) {
        failures.failed("owner modules", e);
      }
    }
    return new OwnerModules(entries);
  }

  /** All handle types; the index is the number that advised code names. */
  public List<Entry> entries() {
    return entries;
  }
}
