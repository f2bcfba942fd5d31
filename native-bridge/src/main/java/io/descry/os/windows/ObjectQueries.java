package io.descry.os.windows;

import io.descry.os.Failures;

/**
 * What NtQueryObject says of a handle. For one thread at a time.
 *
 * <p>The name of a file is asked from the file system, or from the driver of a pipe, which answers
 * when the application's own call on that file has ended: it must be asked where waiting hurts
 * nobody ({@link Watchdog}). Types, and names of all that is no file, are answered at once.
 */
final class ObjectQueries implements AutoCloseable {
  static final int OBJECT_NAME_INFORMATION = 1;
  static final int OBJECT_TYPE_INFORMATION = 2;

  /** A UNICODE_STRING of the greatest length after its head. */
  private static final int SIZE = 0x10000 + 64;

  private final NativeCalls calls;
  private final Structures structures;
  private final Failures failures;
  private final NativeBlock block = new NativeBlock(SIZE);
  private final NativeBlock returned = new NativeBlock(4);

  ObjectQueries(NativeCalls calls, Structures structures, Failures failures) {
    this.calls = calls;
    this.structures = structures;
    this.failures = failures;
  }

  /** The name of the object's type, such as {@code Event}; {@code null} when it is not told. */
  String type(long handle) {
    return text(handle, OBJECT_TYPE_INFORMATION, structures.objectType.offset("TypeName"));
  }

  /** The object's name, empty when it has none; {@code null} when it is not told. */
  String name(long handle) {
    return text(handle, OBJECT_NAME_INFORMATION, structures.objectName.offset("Name"));
  }

  private String text(long handle, int informationClass, int at) {
    returned.put32(0, 0);
    int status =
        calls.queryObject(
            handle, informationClass, block.address(), block.size(), returned.address());
    if (status != Status.SUCCESS) {
      if (status != Status.INVALID_HANDLE) { // else closed since the list was made
        failures.count("NtQueryObject", Status.name(status));
      }
      return null;
    }
    String text = text(at, Math.min(returned.u32(0), block.size()));
    if (text == null) {
      failures.count("NtQueryObject", "text outside of the answer");
    }
    return text;
  }

  /** The text of a UNICODE_STRING; {@code null} when it does not lie in the first bytes. */
  private String text(int at, long valid) {
    StructLayout string = structures.unicodeString;
    if (valid < at + string.size()) {
      return null;
    }
    int length = block.u16(at + string.offset("Length"));
    if (length == 0) {
      return "";
    }
    long start = block.i64(at + string.offset("Buffer")) - block.address();
    return start < 0 || start > valid - length || length % 2 != 0
        ? null
        : block.text((int) start, length / 2);
  }

  @Override
  public void close() {
    block.close();
    returned.close();
  }
}
