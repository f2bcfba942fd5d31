package io.descry.os.windows;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.Map;

/**
 * Calls Windows, by JNA's direct mapping: 64 bits only, where handles and pointers are Java's longs
 * and there is one calling convention. A library is loaded when a function of it is first called.
 */
final class WindowsCalls implements NativeCalls {
  /** The pseudo handle of GetCurrentProcess. */
  private static final long THIS_PROCESS = -1;

  @Override
  public int querySystemInformation(int informationClass, long buffer, int size, long returned) {
    return Ntdll.NtQuerySystemInformation(informationClass, buffer, size, returned);
  }

  @Override
  public int queryInformationProcess(int informationClass, long buffer, int size, long returned) {
    return Ntdll.NtQueryInformationProcess(THIS_PROCESS, informationClass, buffer, size, returned);
  }

  @Override
  public int queryObject(long handle, int informationClass, long buffer, int size, long returned) {
    return Ntdll.NtQueryObject(handle, informationClass, buffer, size, returned);
  }

  @Override
  public int processHandleCount(long count) {
    return Kernel32.GetProcessHandleCount(THIS_PROCESS, count);
  }

  @Override
  public int handleInformation(long handle, long flags) {
    return Kernel32.GetHandleInformation(handle, flags);
  }

  @Override
  public int fileType(long handle) {
    return Kernel32.GetFileType(handle);
  }

  @Override
  public int fileInformation(long handle, long buffer) {
    return Kernel32.GetFileInformationByHandle(handle, buffer);
  }

  @Override
  public int finalPath(long handle, long buffer, int characters, int flags) {
    return Kernel32.GetFinalPathNameByHandleW(handle, buffer, characters, flags);
  }

  @Override
  public int socketOption(long handle, int level, int option, long value, long length) {
    return Winsock.getsockopt(handle, level, option, value, length);
  }

  @Override
  public int socketName(long handle, long address, long length) {
    return Winsock.getsockname(handle, address, length);
  }

  @Override
  public int peerName(long handle, long address, long length) {
    return Winsock.getpeername(handle, address, length);
  }

  @Override
  public int tcpTable(long buffer, long size, int family, int tableClass) {
    return IpHelper.GetExtendedTcpTable(buffer, size, 0, family, tableClass, 0);
  }

  @Override
  public int modules(long buffer, int size, long needed) {
    return Kernel32.K32EnumProcessModules(THIS_PROCESS, buffer, size, needed);
  }

  @Override
  public int modulePath(long module, long buffer, int characters) {
    return Kernel32.GetModuleFileNameW(module, buffer, characters);
  }

  @Override
  public int processId() {
    return Kernel32.GetCurrentProcessId();
  }

  @Override
  public int lastError() {
    return Native.getLastError();
  }

  private static NativeLibrary library(String name) {
    // JNA must bind with the loader of these classes, whoever calls first.
    return NativeLibrary.getInstance(
        name, Map.of(Library.OPTION_CLASSLOADER, WindowsCalls.class.getClassLoader()));
  }

  private static final class Ntdll {
    static {
      Native.register(Ntdll.class, library("ntdll"));
    }

    static native int NtQuerySystemInformation(int kind, long buffer, int size, long returned);

    static native int NtQueryInformationProcess(
        long process, int kind, long buffer, int size, long returned);

    static native int NtQueryObject(long handle, int kind, long buffer, int size, long returned);
  }

  private static final class Kernel32 {
    static {
      Native.register(Kernel32.class, library("kernel32"));
    }

    static native int GetCurrentProcessId();

    static native int GetProcessHandleCount(long process, long count);

    static native int GetHandleInformation(long handle, long flags);

    static native int GetFileType(long handle);

    static native int GetFileInformationByHandle(long handle, long information);

    static native int GetFinalPathNameByHandleW(long handle, long path, int size, int flags);

    static native int K32EnumProcessModules(long process, long modules, int size, long needed);

    static native int GetModuleFileNameW(long module, long path, int size);
  }

  private static final class Winsock {
    static {
      Native.register(Winsock.class, library("ws2_32"));
    }

    static native int getsockopt(long socket, int level, int option, long value, long length);

    static native int getsockname(long socket, long address, long length);

    static native int getpeername(long socket, long address, long length);
  }

  private static final class IpHelper {
    static {
      Native.register(IpHelper.class, library("iphlpapi"));
    }

    static native int GetExtendedTcpTable(
        long table, long size, int order, int family, int tableClass, int reserved);
  }
}
