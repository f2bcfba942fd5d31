package io.descry.os.windows;

import io.descry.os.Failures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * The handles of this process, as ntdll lists them, read in place. For one thread at a time.
 *
 * <p>NtQueryInformationProcess(ProcessHandleInformation) of Windows 8 and later lists those of this
 * process alone. Where it is refused, NtQuerySystemInformation(SystemExtendedHandleInformation)
 * lists those of all processes, which may be some hundred thousand. Neither waits for the
 * application.
 */
final class HandleTable implements AutoCloseable {
  static final int PROCESS_HANDLE_INFORMATION = 51;
  static final int SYSTEM_EXTENDED_HANDLE_INFORMATION = 64;

  /** OBJ_INHERIT of ntdef.h: a child process inherits the handle. */
  static final int OBJ_INHERIT = 2;

  /** What a list may take in memory: 3 million handles of this process, 6 million of all. */
  static final int GREATEST = 256 << 20;

  private static final int FIRST = 64 << 10;

  /** Each time the list may have grown again; but it is at least doubled. */
  private static final int ATTEMPTS = 16;

  private final NativeCalls calls;
  private final Structures structures;
  private final Failures failures;
  private final NativeBlock block = new NativeBlock(FIRST);
  private final NativeBlock returned = new NativeBlock(4);
  private final long processId;
  private boolean ofProcess = true;
  private StructLayout entry;
  private int handleValue;
  private int[] places = new int[1024];
  private int size;

  HandleTable(NativeCalls calls, Structures structures, Failures failures) {
    this.calls = calls;
    this.structures = structures;
    this.failures = failures;
    this.processId = Integer.toUnsignedLong(calls.processId());
  }

  /**
   * Reads the list anew.
   *
   * @return how many handles there are
   * @throws UncheckedIOException when Windows refuses it, it is greater than Descry reads, or it is
   *     not what it should be: part of it would look as if the rest had been closed
   */
  int read() {
    try {
      if (ofProcess) {
        int status = query(PROCESS_HANDLE_INFORMATION);
        if (status == Status.SUCCESS) {
          index(structures.processHandles, structures.processHandle, false);
          return size;
        }
        if (Status.wantsMore(status)) {
          throw new IOException("the handles do not fit into " + block.size() + " bytes");
        }
        failures.count("NtQueryInformationProcess", Status.name(status));
        ofProcess = false;
      }
      int status = query(SYSTEM_EXTENDED_HANDLE_INFORMATION);
      if (status != Status.SUCCESS) {
        failures.count("NtQuerySystemInformation", Status.name(status));
        throw new IOException(
            Status.wantsMore(status)
                ? "the handles do not fit into " + block.size() + " bytes"
                : "NtQuerySystemInformation: " + Status.name(status));
      }
      index(structures.systemHandles, structures.systemHandle, true);
      return size;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks with room that grows until it suffices, which it does not when this wants more. */
  private int query(int informationClass) {
    for (int attempt = 0; ; attempt++) {
      returned.put32(0, 0);
      int status =
          informationClass == PROCESS_HANDLE_INFORMATION
              ? calls.queryInformationProcess(
                  informationClass, block.address(), block.size(), returned.address())
              : calls.querySystemInformation(
                  informationClass, block.address(), block.size(), returned.address());
      if (!Status.wantsMore(status) || block.size() >= GREATEST || attempt == ATTEMPTS) {
        return status;
      }
      // An eighth more than it says, as others open handles meanwhile.
      long wanted = returned.u32(0) + returned.u32(0) / 8;
      block.resize((int) Math.min(GREATEST, Math.max(2L * block.size(), wanted)));
    }
  }

  private void index(StructLayout list, StructLayout entry, boolean ofAll) throws IOException {
    long length = returned.u32(0);
    int first = list.offset("Handles");
    if (length < first || length > block.size()) {
      throw new IOException("a list of " + length + " bytes where " + block.size() + " were given");
    }
    long count = block.i64(list.offset("NumberOfHandles"));
    if (count < 0 || count > (length - first) / entry.size()) {
      throw new IOException(
          "a list of " + Long.toUnsignedString(count) + " handles in " + length + " bytes");
    }
    this.entry = entry;
    handleValue = entry.offset("HandleValue");
    int process = ofAll ? entry.offset("UniqueProcessId") : -1;
    size = 0;
    for (int i = 0; i < count; i++) {
      int place = first + i * entry.size();
      if (ofAll && block.i64(place + process) != processId) {
        continue;
      }
      long handle = block.i64(place + handleValue);
      if (handle <= 0 || handle > Integer.MAX_VALUE) {
        failures.count("list of handles", "a handle that is none");
        continue;
      }
      if (size == places.length) {
        places = Arrays.copyOf(places, 2 * size);
      }
      places[size++] = place;
    }
    if (size == 0) {
      throw new IOException("a list without a handle of this process");
    }
  }

  /** The number, greater than 0. */
  int handle(int index) {
    return (int) block.i64(places[index] + handleValue);
  }

  /** What ntdll numbers the type by until the system starts again. */
  int type(int index) {
    int at = places[index] + entry.offset("ObjectTypeIndex");
    return entry == structures.processHandle ? block.i32(at) : block.u16(at);
  }

  int attributes(int index) {
    return block.i32(places[index] + entry.offset("HandleAttributes"));
  }

  /**
   * Where the object lies in the kernel; 0 when that is not told, as to all but administrators
   * since Windows 11 24H2.
   */
  long object(int index) {
    return entry == structures.systemHandle ? block.i64(places[index] + entry.offset("Object")) : 0;
  }

  @Override
  public void close() {
    block.close();
    returned.close();
  }
}
