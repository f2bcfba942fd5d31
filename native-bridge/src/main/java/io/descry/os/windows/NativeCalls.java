package io.descry.os.windows;

/**
 * The functions of ntdll, kernel32, ws2_32 and iphlpapi that Descry calls, as thin as they are:
 * what stands between Descry's logic and Windows, so that the logic can be run where Windows is
 * not. Memory is passed by address. For several threads.
 */
interface NativeCalls {

  /** NtQuerySystemInformation; an NTSTATUS. {@code returned} leads to a ULONG. */
  int querySystemInformation(int informationClass, long buffer, int size, long returned);

  /** NtQueryInformationProcess of this process; an NTSTATUS. {@code returned} leads to a ULONG. */
  int queryInformationProcess(int informationClass, long buffer, int size, long returned);

  /** NtQueryObject; an NTSTATUS. {@code returned} leads to a ULONG. */
  int queryObject(long handle, int informationClass, long buffer, int size, long returned);

  /** GetProcessHandleCount of this process; 0 when refused. {@code count} leads to a DWORD. */
  int processHandleCount(long count);

  /** GetHandleInformation; 0 when refused. {@code flags} leads to a DWORD. */
  int handleInformation(long handle, long flags);

  /** GetFileType. May wait for as long as the application reads from a synchronous pipe. */
  int fileType(long handle);

  /** GetFileInformationByHandle; 0 when refused. May wait as {@link #fileType}. */
  int fileInformation(long handle, long buffer);

  /** GetFinalPathNameByHandleW; the length, 0 when refused. May wait as {@link #fileType}. */
  int finalPath(long handle, long buffer, int characters, int flags);

  /** getsockopt; not 0 when refused. */
  int socketOption(long handle, int level, int option, long value, long length);

  /** getsockname; not 0 when refused. */
  int socketName(long handle, long address, long length);

  /** getpeername; not 0 when refused. */
  int peerName(long handle, long address, long length);

  /** GetExtendedTcpTable, in no order; a system error code. {@code size} leads to a DWORD. */
  int tcpTable(long buffer, long size, int family, int tableClass);

  /** K32EnumProcessModules of this process; 0 when refused. {@code needed} leads to a DWORD. */
  int modules(long buffer, int size, long needed);

  /** GetModuleFileNameW; the length, 0 when refused. */
  int modulePath(long module, long buffer, int characters);

  /** GetCurrentProcessId. */
  int processId();

  /** GetLastError, as the last call that this thread made here left it. */
  int lastError();
}
