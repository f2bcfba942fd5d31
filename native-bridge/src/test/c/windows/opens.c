/*
 * Opens one of each thing, then makes every call that Descry makes and writes down what it was
 * answered:
 *
 *   opened.txt   HANDLE TYPE KIND INHERITED TARGET, by tabs: what this program opened
 *   layouts.txt  sizes and offsets, as this program was compiled with them
 *   calls.txt    FUNCTION HANDLE CLASS RESULT ERROR RETURNED ADDRESS BYTES, in hexadecimal: one call
 *
 * It is given the directory to write to, by the name that Windows has for it.
 */
#include "structures.h"
#include <stdio.h>
#include <stdlib.h>

#define SYSTEM_EXTENDED_HANDLES 64
#define PROCESS_HANDLES 51
#define TYPE_INFORMATION 2
#define NAME_INFORMATION 1
#define BUFFER (4 << 20)

static FILE *opened, *calls;
static BYTE *buffer;

static void die(const char *what) {
  fprintf(stderr, "%s: error %lu\n", what, GetLastError());
  exit(1);
}

static HANDLE checked(const char *what, HANDLE handle) {
  if (handle == NULL || handle == INVALID_HANDLE_VALUE) die(what);
  return handle;
}

static void utf8(FILE *to, const WCHAR *text) {
  char bytes[4096];
  if (WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, sizeof bytes, NULL, NULL) == 0) die("UTF-8");
  fputs(bytes, to);
}

static void say(HANDLE handle, const char *type, const char *kind, const WCHAR *target) {
  DWORD flags = 0;
  if (!GetHandleInformation(handle, &flags)) die(type);
  fprintf(opened, "%llx\t%s\t%s\t%d\t", (ULONGLONG)(ULONG_PTR)handle, type, kind,
          (flags & HANDLE_FLAG_INHERIT) != 0);
  utf8(opened, target);
  fputc('\n', opened);
}

static void record(const char *function, ULONGLONG handle, int class, ULONG result, ULONG error,
                   ULONG returned, ULONG bytes) {
  fprintf(calls, "%s %llx %x %lx %lx %lx %llx ", function, handle, class, result, error, returned,
          (ULONGLONG)(ULONG_PTR)buffer);
  for (ULONG i = 0; i < bytes; i++) fprintf(calls, "%02x", buffer[i]);
  fputs(bytes == 0 ? "-\n" : "\n", calls);
}

static void clear(void) { memset(buffer, 0, BUFFER); }

/* Asks with too little room first, as Descry does where there is much. */
static ULONG list(int class, ULONG room) {
  ULONG returned = 0;
  NTSTATUS status;
  clear();
  if (class == PROCESS_HANDLES) {
    status = NtQueryInformationProcess(GetCurrentProcess(), (PROCESSINFOCLASS)class, buffer, room, &returned);
    record("NtQueryInformationProcess", room == BUFFER, class, status, 0, returned, status ? 0 : returned);
  } else {
    status = NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)class, buffer, room, &returned);
    record("NtQuerySystemInformation", room == BUFFER, class, status, 0, returned, status ? 0 : returned);
  }
  return returned;
}

static void object(HANDLE handle, int class) {
  ULONG returned = 0;
  clear();
  NTSTATUS status = NtQueryObject(handle, (OBJECT_INFORMATION_CLASS)class, buffer, BUFFER, &returned);
  record("NtQueryObject", (ULONG_PTR)handle, class, status, 0, returned, status ? 0 : returned);
}

static void file(HANDLE handle) {
  ULONGLONG number = (ULONG_PTR)handle;
  SetLastError(0);
  DWORD type = GetFileType(handle);
  record("GetFileType", number, 0, type, GetLastError(), 0, 0);
  clear();
  DWORD length = GetFinalPathNameByHandleW(handle, (WCHAR *)buffer, 0x8000, FILE_NAME_OPENED);
  record("GetFinalPathNameByHandleW", number, 0, length, GetLastError(), 0, 2 * length);
  clear();
  DWORD result = GetFileInformationByHandle(handle, (BY_HANDLE_FILE_INFORMATION *)buffer);
  record("GetFileInformationByHandle", number, 0, result, GetLastError(), 0,
         result ? sizeof(BY_HANDLE_FILE_INFORMATION) : 0);
  clear();
  int size = sizeof(WSAPROTOCOL_INFOW);
  result = getsockopt((SOCKET)handle, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)buffer, &size);
  record("getsockopt", number, SO_PROTOCOL_INFOW, result, WSAGetLastError(), size, result ? 0 : size);
  clear();
  size = sizeof(SOCKADDR_STORAGE);
  result = getsockname((SOCKET)handle, (SOCKADDR *)buffer, &size);
  record("getsockname", number, 0, result, WSAGetLastError(), size, result ? 0 : size);
  clear();
  size = sizeof(SOCKADDR_STORAGE);
  result = getpeername((SOCKET)handle, (SOCKADDR *)buffer, &size);
  record("getpeername", number, 0, result, WSAGetLastError(), size, result ? 0 : size);
}

/* Starts what starts Wine's driver for the table of connections; it ends after this program. */
static void services(void) {
  WCHAR program[] = L"C:\\windows\\system32\\services.exe";
  STARTUPINFOW start = {.cb = sizeof start};
  PROCESS_INFORMATION process;
  if (!CreateProcessW(program, NULL, NULL, NULL, FALSE, DETACHED_PROCESS, NULL, NULL, &start, &process))
    die("services.exe");
  CloseHandle(process.hProcess);
  CloseHandle(process.hThread);
}

static DWORD tcp(int family) {
  DWORD size = BUFFER;
  clear();
  return GetExtendedTcpTable(buffer, &size, FALSE, family, TCP_TABLE_OWNER_PID_ALL, 0);
}

/* The driver that tells the table may still be starting, and a FIN on its way. */
static void waitForCloseWait(void) {
  for (int i = 0; i < 600; i++) {
    if (tcp(AF_INET) == 0) {
      MIB_TCPTABLE_OWNER_PID *table = (MIB_TCPTABLE_OWNER_PID *)buffer;
      for (DWORD row = 0; row < table->dwNumEntries; row++)
        if (table->table[row].dwOwningPid == GetCurrentProcessId() &&
            table->table[row].dwState == MIB_TCP_STATE_CLOSE_WAIT)
          return;
    }
    Sleep(50);
  }
  die("no connection in CLOSE_WAIT");
}

static void recordTcp(int family) {
  DWORD result = tcp(family);
  DWORD rows = *(DWORD *)buffer;
  ULONG bytes = family == AF_INET ? offsetof(MIB_TCPTABLE_OWNER_PID, table) + rows * sizeof(MIB_TCPROW_OWNER_PID)
                                  : offsetof(MIB_TCP6TABLE_OWNER_PID, table) + rows * sizeof(MIB_TCP6ROW_OWNER_PID);
  record("GetExtendedTcpTable", 0, family, result, 0, bytes, result ? 0 : bytes);
}

static const WCHAR *address(SOCKET socket, BOOL peer) {
  static WCHAR text[2][128];
  SOCKADDR_STORAGE storage;
  int length = sizeof storage;
  DWORD size = 128;
  text[peer][0] = 0;
  int result = peer ? getpeername(socket, (SOCKADDR *)&storage, &length)
                    : getsockname(socket, (SOCKADDR *)&storage, &length);
  if (result == 0) WSAAddressToStringW((SOCKADDR *)&storage, length, NULL, text[peer], &size);
  return text[peer];
}

static void sayTcp(SOCKET socket, const WCHAR *state) {
  WCHAR target[300];
  const WCHAR *local = address(socket, FALSE), *remote = address(socket, TRUE);
  swprintf(target, 300, L"%ls %ls %ls", *local ? local : L"-", *remote ? remote : L"-", state);
  say((HANDLE)socket, "File", "socket.tcp", target);
}

static DWORD WINAPI thread(void *event) { return WaitForSingleObject(event, INFINITE); }

static void sockets(void) {
  WSADATA data;
  if (WSAStartup(MAKEWORD(2, 2), &data) != 0) die("WSAStartup");
  SOCKADDR_IN at = {.sin_family = AF_INET};
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int length = sizeof at;
  SOCKET listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (SOCKADDR *)&at, sizeof at) || listen(listener, 8) ||
      getsockname(listener, (SOCKADDR *)&at, &length))
    die("listen");
  SOCKET a = socket(AF_INET, SOCK_STREAM, 0), b = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(a, (SOCKADDR *)&at, sizeof at)) die("connect");
  SOCKET acceptedA = accept(listener, NULL, NULL);
  if (connect(b, (SOCKADDR *)&at, sizeof at)) die("connect");
  SOCKET acceptedB = accept(listener, NULL, NULL);
  sayTcp(listener, L"LISTEN");
  sayTcp(a, L"ESTABLISHED");
  sayTcp(acceptedA, L"-"); /* Wine's table has no owner for what was accepted. */
  shutdown(acceptedB, SD_SEND);
  sayTcp(b, L"CLOSE_WAIT");
  sayTcp(acceptedB, L"-");
  SOCKET fresh = socket(AF_INET, SOCK_STREAM, 0);
  sayTcp(fresh, L"-");
  SOCKET datagrams = socket(AF_INET, SOCK_DGRAM, 0);
  at.sin_port = 0;
  if (bind(datagrams, (SOCKADDR *)&at, sizeof at)) die("bind");
  say((HANDLE)datagrams, "File", "socket.udp", address(datagrams, FALSE));

  SOCKET six = socket(AF_INET6, SOCK_STREAM, 0);
  SOCKADDR_IN6 at6 = {.sin6_family = AF_INET6};
  at6.sin6_addr.s6_addr[15] = 1;
  if (six == INVALID_SOCKET || bind(six, (SOCKADDR *)&at6, sizeof at6) || listen(six, 8)) {
    fprintf(stderr, "no IPv6 here: error %d\n", WSAGetLastError());
  } else {
    sayTcp(six, L"-"); /* Nor for those of IPv6. */
  }
  waitForCloseWait();
}

static void files(const WCHAR *directory) {
  WCHAR path[1024];
  DWORD all = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
  const WCHAR *names[] = {L"plain.txt", L"sch\u00f6ner \u540d\u524d \U0001f427.txt",
                          L"long-0123456789012345678901234567890123456789012345678901234567890123456789"
                          L"012345678901234567890123456789012345678901234567890123456789.txt"};
  for (int i = 0; i < 3; i++) {
    swprintf(path, 1024, L"%ls\\%ls", directory, names[i]);
    say(checked("file", CreateFileW(path, GENERIC_READ | GENERIC_WRITE, all, NULL, CREATE_ALWAYS, 0, NULL)),
        "File", "file", path);
  }
  say(checked("directory", CreateFileW(directory, GENERIC_READ, all, NULL, OPEN_EXISTING,
                                       FILE_FLAG_BACKUP_SEMANTICS, NULL)),
      "File", "directory", directory);
  say(checked("NUL", CreateFileW(L"NUL", GENERIC_READ, all, NULL, OPEN_EXISTING, 0, NULL)), "File", "device",
      L"");
  HANDLE reads, writes;
  if (!CreatePipe(&reads, &writes, NULL, 0)) die("pipe");
  say(reads, "File", "pipe", L"");
  say(writes, "File", "pipe", L"");
  say(checked("named pipe", CreateNamedPipeW(L"\\\\.\\pipe\\descry-test", PIPE_ACCESS_DUPLEX, 0, 1, 512, 512, 0,
                                             NULL)),
      "File", "pipe", L"\\descry-test");
}

/* What FindFirstFile gives out is an address: the first words behind it. It stays open. */
static void search(const WCHAR *directory) {
  WCHAR pattern[1024];
  WIN32_FIND_DATAW found;
  swprintf(pattern, 1024, L"%ls\\*", directory);
  HANDLE search = checked("search", FindFirstFileW(pattern, &found));
  clear();
  memcpy(buffer, search, 16);
  record("FindFirstFileW", 0, 0, 0, 0, 16, 16);
}

static void objects(void) {
  SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
  HANDLE event = checked("event", CreateEventW(&inherited, TRUE, FALSE, NULL));
  say(event, "Event", "event", L"");
  say(checked("event", CreateEventW(NULL, TRUE, FALSE, L"descry-\u540d")), "Event", "event", L"\\descry-\u540d");
  say(checked("semaphore", CreateSemaphoreW(NULL, 0, 1, NULL)), "Semaphore", "semaphore", L"");
  say(checked("mutex", CreateMutexW(NULL, FALSE, L"descry-mutex")), "Mutant", "mutant", L"\\descry-mutex");
  say(checked("timer", CreateWaitableTimerW(NULL, FALSE, NULL)), "Timer", "timer", L"");
  say(checked("port", CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0)), "IoCompletion", "iocompletion",
      L"");
  say(checked("section", CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, NULL)), "Section",
      "section", L"");
  say(checked("thread", CreateThread(NULL, 0, thread, event, 0, NULL)), "Thread", "thread", L"");
  say(checked("process", OpenProcess(PROCESS_QUERY_INFORMATION, FALSE, GetCurrentProcessId())), "Process", "process",
      L"");
  HANDLE token;
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) die("token");
  say(token, "Token", "other", L"");
  HKEY key;
  if (RegCreateKeyExW(HKEY_CURRENT_USER, L"descry-test", 0, NULL, 0, KEY_READ, NULL, &key, NULL)) die("key");
  say(key, "Key", "key", L"\\descry-test");
}

static void recordModules(void) {
  DWORD needed = 0;
  clear();
  DWORD result = EnumProcessModules(GetCurrentProcess(), (HMODULE *)buffer, BUFFER, &needed);
  record("K32EnumProcessModules", 0, 0, result, GetLastError(), needed, needed);
  DWORD count = needed / sizeof(HMODULE);
  HMODULE *modules = calloc(count, sizeof(HMODULE));
  memcpy(modules, buffer, needed);
  for (DWORD i = 0; i < count; i++) {
    clear();
    DWORD length = GetModuleFileNameW(modules[i], (WCHAR *)buffer, 0x8000);
    record("GetModuleFileNameW", (ULONG_PTR)modules[i], 0, length, GetLastError(), 0, 2 * length);
  }
}

#define SIZE(s) fprintf(layouts, "layout " #s " %d\n", (int)sizeof(s));
#define MEMBER(s, m) fprintf(layouts, "layout " #s "." #m " %d\n", (int)offsetof(s, m));
#define CONSTANT(c) fprintf(layouts, "constant " #c " %d\n", (int)(c));

static FILE *create(const WCHAR *directory, const WCHAR *name) {
  WCHAR path[1024];
  swprintf(path, 1024, L"%ls\\%ls", directory, name);
  FILE *file = _wfopen(path, L"wb");
  if (file == NULL) die("a file to write to");
  return file;
}

int wmain(int count, WCHAR **arguments) {
  if (count != 2) return 2;
  buffer = malloc(BUFFER);
  FILE *layouts = create(arguments[1], L"layouts.txt");
  LAYOUTS(SIZE, MEMBER)
  CONSTANTS(CONSTANT)
  fclose(layouts);
  opened = create(arguments[1], L"opened.txt");
  calls = create(arguments[1], L"calls.txt");

  services();
  files(arguments[1]);
  search(arguments[1]);
  objects();
  sockets();

  record("GetCurrentProcessId", 0, 0, GetCurrentProcessId(), 0, 0, 0);
  DWORD handles = 0;
  DWORD result = GetProcessHandleCount(GetCurrentProcess(), &handles);
  record("GetProcessHandleCount", 0, 0, result, 0, handles, 0);
  list(PROCESS_HANDLES, BUFFER);
  list(SYSTEM_EXTENDED_HANDLES, 64);
  ULONG bytes = list(SYSTEM_EXTENDED_HANDLES, BUFFER);
  SYSTEM_HANDLE_INFORMATION_EX *all = malloc(bytes);
  memcpy(all, buffer, bytes);
  for (ULONG_PTR i = 0; i < all->NumberOfHandles; i++) {
    if (all->Handles[i].UniqueProcessId == GetCurrentProcessId()) {
      object(all->Handles[i].HandleValue, TYPE_INFORMATION);
      object(all->Handles[i].HandleValue, NAME_INFORMATION);
      file(all->Handles[i].HandleValue);
    }
  }
  recordTcp(AF_INET);
  recordTcp(AF_INET6);
  recordModules();
  fclose(opened);
  fclose(calls);
  return 0;
}
