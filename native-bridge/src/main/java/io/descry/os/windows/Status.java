package io.descry.os.windows;

import java.util.Map;

/** Results of native calls, by the names of ntstatus.h, winerror.h and winsock2.h. */
final class Status {
  static final int SUCCESS = 0;
  static final int BUFFER_OVERFLOW = 0x80000005;
  static final int INFO_LENGTH_MISMATCH = 0xC0000004;
  static final int BUFFER_TOO_SMALL = 0xC0000023;
  static final int INVALID_HANDLE = 0xC0000008;
  static final int ERROR_INVALID_HANDLE = 6;
  static final int ERROR_INSUFFICIENT_BUFFER = 122;

  private static final Map<Integer, String> STATUS =
      Map.of(
          BUFFER_OVERFLOW,
          "STATUS_BUFFER_OVERFLOW",
          INFO_LENGTH_MISMATCH,
          "STATUS_INFO_LENGTH_MISMATCH",
          BUFFER_TOO_SMALL,
          "STATUS_BUFFER_TOO_SMALL",
          INVALID_HANDLE,
          "STATUS_INVALID_HANDLE",
          0xC0000002,
          "STATUS_NOT_IMPLEMENTED",
          0xC0000003,
          "STATUS_INVALID_INFO_CLASS",
          0xC000000D,
          "STATUS_INVALID_PARAMETER",
          0xC0000017,
          "STATUS_NO_MEMORY",
          0xC0000022,
          "STATUS_ACCESS_DENIED",
          0xC000009A,
          "STATUS_INSUFFICIENT_RESOURCES");

  private static final Map<Integer, String> ERROR =
      Map.of(
          5,
          "ERROR_ACCESS_DENIED",
          ERROR_INVALID_HANDLE,
          "ERROR_INVALID_HANDLE",
          8,
          "ERROR_NOT_ENOUGH_MEMORY",
          50,
          "ERROR_NOT_SUPPORTED",
          87,
          "ERROR_INVALID_PARAMETER",
          ERROR_INSUFFICIENT_BUFFER,
          "ERROR_INSUFFICIENT_BUFFER",
          10022,
          "WSAEINVAL",
          10038,
          "WSAENOTSOCK",
          10057,
          "WSAENOTCONN",
          10093,
          "WSANOTINITIALISED");

  private Status() {}

  /** The name of an NTSTATUS, its hexadecimal value when that is not one of a few. */
  static String name(int status) {
    return STATUS.getOrDefault(status, "0x" + Integer.toHexString(status));
  }

  /** The name of a system error code, its decimal value when that is not one of a few. */
  static String error(int code) {
    return ERROR.getOrDefault(code, Integer.toUnsignedString(code));
  }

  /** Whether the buffer was too small for what there is. */
  static boolean wantsMore(int status) {
    return status == INFO_LENGTH_MISMATCH
        || status == BUFFER_TOO_SMALL
        || status == BUFFER_OVERFLOW;
  }
}
