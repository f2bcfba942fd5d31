package io.descry.os.windows;

import java.util.List;

/**
 * The structures that Descry reads, under the names of the SDK's headers (winternl.h, fileapi.h,
 * winsock2.h, ws2def.h, ws2ipdef.h, afunix.h, iprtrmib.h, tcpmib.h). Those of the handle lists are
 * in no header of the SDK; they are as ntdll has written them since Windows XP
 * (SYSTEM_HANDLE_INFORMATION_EX) and Windows 8 (PROCESS_HANDLE_SNAPSHOT_INFORMATION).
 */
final class Structures {
  final StructLayout unicodeString;
  final StructLayout objectName;
  final StructLayout objectType;
  final StructLayout systemHandle;
  final StructLayout systemHandles;
  final StructLayout processHandle;
  final StructLayout processHandles;
  final StructLayout fileInformation;
  final StructLayout protocol;
  final StructLayout inet;
  final StructLayout inet6;
  final StructLayout unix;
  final StructLayout tcpRow;
  final StructLayout tcpTable;
  final StructLayout tcp6Row;
  final StructLayout tcp6Table;

  /**
   * The structures of a process.
   *
   * @param pointer the size of its pointers, 4 or 8 bytes
   */
  Structures(int pointer) {
    unicodeString =
        new StructLayout("UNICODE_STRING", pointer)
            .u16("Length")
            .u16("MaximumLength")
            .pointer("Buffer");
    objectName = new StructLayout("OBJECT_NAME_INFORMATION", pointer).struct("Name", unicodeString);
    objectType =
        new StructLayout("PUBLIC_OBJECT_TYPE_INFORMATION", pointer)
            .struct("TypeName", unicodeString)
            .u32s("Reserved", 22);
    systemHandle =
        new StructLayout("SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX", pointer)
            .pointer("Object")
            .pointer("UniqueProcessId")
            .pointer("HandleValue")
            .u32("GrantedAccess")
            .u16("CreatorBackTraceIndex")
            .u16("ObjectTypeIndex")
            .u32("HandleAttributes")
            .u32("Reserved");
    systemHandles =
        new StructLayout("SYSTEM_HANDLE_INFORMATION_EX", pointer)
            .pointer("NumberOfHandles")
            .pointer("Reserved")
            .struct("Handles", systemHandle);
    processHandle =
        new StructLayout("PROCESS_HANDLE_TABLE_ENTRY_INFO", pointer)
            .pointer("HandleValue")
            .pointer("HandleCount")
            .pointer("PointerCount")
            .u32("GrantedAccess")
            .u32("ObjectTypeIndex")
            .u32("HandleAttributes")
            .u32("Reserved");
    processHandles =
        new StructLayout("PROCESS_HANDLE_SNAPSHOT_INFORMATION", pointer)
            .pointer("NumberOfHandles")
            .pointer("Reserved")
            .struct("Handles", processHandle);
    StructLayout time =
        new StructLayout("FILETIME", pointer).u32("dwLowDateTime").u32("dwHighDateTime");
    fileInformation =
        new StructLayout("BY_HANDLE_FILE_INFORMATION", pointer)
            .u32("dwFileAttributes")
            .struct("ftCreationTime", time)
            .struct("ftLastAccessTime", time)
            .struct("ftLastWriteTime", time)
            .u32("dwVolumeSerialNumber")
            .u32("nFileSizeHigh")
            .u32("nFileSizeLow")
            .u32("nNumberOfLinks")
            .u32("nFileIndexHigh")
            .u32("nFileIndexLow");
    StructLayout guid =
        new StructLayout("GUID", pointer).u32("Data1").u16("Data2").u16("Data3").bytes("Data4", 8);
    StructLayout chain =
        new StructLayout("WSAPROTOCOLCHAIN", pointer).u32("ChainLen").u32s("ChainEntries", 7);
    protocol =
        new StructLayout("WSAPROTOCOL_INFOW", pointer)
            .u32("dwServiceFlags1")
            .u32("dwServiceFlags2")
            .u32("dwServiceFlags3")
            .u32("dwServiceFlags4")
            .u32("dwProviderFlags")
            .struct("ProviderId", guid)
            .u32("dwCatalogEntryId")
            .struct("ProtocolChain", chain)
            .u32("iVersion")
            .u32("iAddressFamily")
            .u32("iMaxSockAddr")
            .u32("iMinSockAddr")
            .u32("iSocketType")
            .u32("iProtocol")
            .u32("iProtocolMaxOffset")
            .u32("iNetworkByteOrder")
            .u32("iSecurityScheme")
            .u32("dwMessageSize")
            .u32("dwProviderReserved")
            .bytes("szProtocol", 512);
    StructLayout address = new StructLayout("IN_ADDR", pointer).u32("S_un");
    inet =
        new StructLayout("SOCKADDR_IN", pointer)
            .u16("sin_family")
            .u16("sin_port")
            .struct("sin_addr", address)
            .bytes("sin_zero", 8);
    inet6 =
        new StructLayout("SOCKADDR_IN6", pointer)
            .u16("sin6_family")
            .u16("sin6_port")
            .u32("sin6_flowinfo")
            .bytes("sin6_addr", 16)
            .u32("sin6_scope_id");
    unix = new StructLayout("SOCKADDR_UN", pointer).u16("sun_family").bytes("sun_path", 108);
    tcpRow =
        new StructLayout("MIB_TCPROW_OWNER_PID", pointer)
            .u32("dwState")
            .u32("dwLocalAddr")
            .u32("dwLocalPort")
            .u32("dwRemoteAddr")
            .u32("dwRemotePort")
            .u32("dwOwningPid");
    tcpTable =
        new StructLayout("MIB_TCPTABLE_OWNER_PID", pointer)
            .u32("dwNumEntries")
            .struct("table", tcpRow);
    tcp6Row =
        new StructLayout("MIB_TCP6ROW_OWNER_PID", pointer)
            .bytes("ucLocalAddr", 16)
            .u32("dwLocalScopeId")
            .u32("dwLocalPort")
            .bytes("ucRemoteAddr", 16)
            .u32("dwRemoteScopeId")
            .u32("dwRemotePort")
            .u32("dwState")
            .u32("dwOwningPid");
    tcp6Table =
        new StructLayout("MIB_TCP6TABLE_OWNER_PID", pointer)
            .u32("dwNumEntries")
            .struct("table", tcp6Row);
  }

  /** All of them. */
  List<StructLayout> all() {
    return List.of(
        unicodeString,
        objectName,
        objectType,
        systemHandle,
        systemHandles,
        processHandle,
        processHandles,
        fileInformation,
        protocol,
        inet,
        inet6,
        unix,
        tcpRow,
        tcpTable,
        tcp6Row,
        tcp6Table);
  }
}
