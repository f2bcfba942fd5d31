package io.descry.os.tracer;

/**
 * A native frame.
 *
 * @param object the shared object that the code belongs to; {@code null} when it belongs to none,
 *     as generated code
 * @param offset the return address less the object's base, as {@code addr2line} wants it; the
 *     address itself when there is no object
 * @param symbol the function, demangled; {@code null} when its name is not to be had
 * @param within bytes from the function's begin, 0 when there is no symbol
 */
public record NativeFrame(NativeObject object, long offset, String symbol, long within) {
  /** {@code libuv.so.1!uv__socket+0x2c}, or {@code libuv.so.1+0x1f2c0} without a symbol. */
  @Override
  public String toString() {
    String where =
        object == null ? "[generated code]" : object.name() + (symbol == null ? "" : "!");
    return symbol == null
        ? where + "+0x" + Long.toHexString(offset)
        : where + symbol + "+0x" + Long.toHexString(within);
  }
}
