/* Every call of calls.h: the right number, the right name, and its close. */
#define _GNU_SOURCE
#include "check.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <pty.h>
#include <stdarg.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static bool seen[CALL_COUNT];
static int self;

static bool is_anonymous(int call) {
  return call == CALL_epoll_create || call == CALL_epoll_create1 || call == CALL_eventfd ||
         call == CALL_timerfd_create || call == CALL_signalfd || call == CALL_inotify_init ||
         call == CALL_inotify_init1;
}

/* That a number was opened by a call of this program, and is what it is. */
static void opened(int number, int call) {
  CHECK(number >= 0, "%s", call_names[call]);
  struct slot slot = slot_at(number);
  struct stat status;
  CHECK(slot.state == SLOT_OPEN, "%s: number %d state %d", call_names[call], number, slot.state);
  CHECK(slot.call == call, "%s: %s", call_names[call], call_names[slot.call]);
  CHECK((int)slot.object == self, "%s: object %u", call_names[call], slot.object);
  CHECK(fstat(number, &status) == 0, "%s", call_names[call]);
  CHECK(slot.inode == (is_anonymous(call) ? 0 : status.st_ino), "%s", call_names[call]);
  CHECK(slot.tid == (uint32_t)getpid() && slot.generation && slot.opened > 0, "%u", slot.tid);
  seen[call] = true;
}

static void closed(int number, int call) {
  struct slot slot = slot_at(number);
  CHECK(slot.state == SLOT_CLOSED, "%s: %d", call_names[call], slot.state);
  CHECK(slot.close_call == call, "%s: %s", call_names[call], call_names[slot.close_call]);
  CHECK((int)slot.close_object == self && slot.closed >= slot.opened, "%u", slot.close_object);
  CHECK(!slot.doubtful, "%s", call_names[call]);
  seen[call] = true;
}

static void ends(int number, int call) {
  opened(number, call);
  CHECK(close(number) == 0, "%d", number);
  closed(number, CALL_close);
}

/* Opens, or is not permitted here, and then is counted as failed. */
static void ends_or_fails(int number, int call, const char *why) {
  if (number >= 0) {
    ends(number, call);
    return;
  }
  int error = errno;
  CHECK(failures(call, error) > 0, "%s %s", call_names[call], why);
  printf("  %s is not possible here: %s\n", call_names[call], strerror(error));
  seen[call] = true;
}

/* A function that the headers of an older libc lack; through its thunk. */
static long by_name(const char *name, long a, long b, long c) {
  long (*function)(long, ...) = (long (*)(long, ...))dlsym(RTLD_DEFAULT, name);
  int call = call_find(name);
  if (!function) {
    CHECK(!call_real[call], "%s", name);
    printf("  %s is not in this libc\n", name);
    seen[call] = true;
    errno = 0;
    return -1;
  }
  CHECK((void *)function == objects_fetched((uint32_t)self, (enum call)call), "%s", name);
  seen[CALL_dlsym] = true;
  return function(a, b, c);
}

static void files(void) {
  ends(open("/dev/null", O_RDONLY), CALL_open);
  ends(open64("/dev/null", O_RDONLY), CALL_open64);
  ends(openat(AT_FDCWD, "/dev/null", O_RDONLY), CALL_openat);
  ends(openat64(AT_FDCWD, "/dev/null", O_RDONLY), CALL_openat64);
  char name[] = "/tmp/descry-XXXXXX";
  int number = mkstemp(name);
  ends(number, CALL_mkstemp);
  ends(creat(name, 0600), CALL_creat);
  ends(creat64(name, 0600), CALL_creat64);
  int with_mode = open(name, O_CREAT | O_EXCL | O_RDWR, 0);
  CHECK(with_mode < 0 && errno == EEXIST && failures(CALL_open, EEXIST) == 1, "%d", with_mode);
  unlink(name);
  mode_t mask = umask(0);
  with_mode = open(name, O_CREAT | O_EXCL | O_RDWR, 0640);
  struct stat status;
  CHECK(fstat(with_mode, &status) == 0 && (status.st_mode & 0777) == 0640, "the mode is passed on");
  umask(mask);
  ends(with_mode, CALL_open);
  unlink(name);
#define TEMPLATE(call, ...)                      \
  do {                                           \
    char made[] = "/tmp/descry-XXXXXX.t";        \
    if (!strchr(#call, 's') || !strstr(#call, "temps")) made[18] = 0; \
    ends(call(made, ##__VA_ARGS__), CALL_##call); \
    unlink(made);                                \
  } while (0)
  TEMPLATE(mkstemp64);
  TEMPLATE(mkostemp, O_CLOEXEC);
  TEMPLATE(mkostemp64, O_CLOEXEC);
  TEMPLATE(mkstemps, 2);
  TEMPLATE(mkstemps64, 2);
  TEMPLATE(mkostemps, 2, O_CLOEXEC);
  TEMPLATE(mkostemps64, 2, O_CLOEXEC);
  ends((int)by_name("__open_2", (long)"/dev/null", O_RDONLY, 0), CALL___open_2);
  ends((int)by_name("__open64_2", (long)"/dev/null", O_RDONLY, 0), CALL___open64_2);
  ends((int)by_name("__openat_2", AT_FDCWD, (long)"/dev/null", O_RDONLY), CALL___openat_2);
  ends((int)by_name("__openat64_2", AT_FDCWD, (long)"/dev/null", O_RDONLY), CALL___openat64_2);
  struct {
    struct file_handle handle;
    unsigned char room[MAX_HANDLE_SZ];
  } handle = {.handle.handle_bytes = MAX_HANDLE_SZ};
  int mount, root = open("/", O_RDONLY);
  if (name_to_handle_at(AT_FDCWD, "/tmp", &handle.handle, &mount, 0) < 0)
    handle.handle.handle_bytes = 8;
  ends_or_fails(open_by_handle_at(root, &handle.handle, O_RDONLY), CALL_open_by_handle_at, "");
  ends(root, CALL_open);
}

static void streams(void) {
  FILE *stream = fopen("/dev/null", "r");
  int number = fileno(stream);
  opened(number, CALL_fopen);
  CHECK((stream = freopen("/dev/zero", "r", stream)), "freopen");
  opened(fileno(stream), CALL_freopen);
  number = fileno(stream);
  CHECK((stream = freopen64("/dev/null", "r", stream)), "freopen64");
  opened(fileno(stream), CALL_freopen64);
  number = fileno(stream);
  fclose(stream);
  closed(number, CALL_fclose);
  FILE *(*const makers[])(void) = {tmpfile, tmpfile64};
  for (int i = 0; i < 2; i++) { /* through pointers, which are import slots too */
    stream = makers[i]();
    opened(fileno(stream), i ? CALL_tmpfile64 : CALL_tmpfile);
    fclose(stream);
  }
  stream = fopen64("/dev/null", "r");
  opened(number = fileno(stream), CALL_fopen64);
  fclose(stream);
  char text[16];
  stream = fmemopen(text, sizeof text, "w"); /* has no number */
  errno = 7;
  CHECK(fclose(stream) == 0 && errno == 7, "errno is kept");
  stream = popen("exit 3", "r");
  opened(number = fileno(stream), CALL_popen);
  CHECK(WEXITSTATUS(pclose(stream)) == 3, "pclose");
  closed(number, CALL_pclose);
  DIR *directory = opendir("/");
  opened(number = dirfd(directory), CALL_opendir);
  CHECK(readdir(directory) != NULL, "readdir");
  closedir(directory);
  closed(number, CALL_closedir);
}

static void pair(int result, int call, const int *numbers) {
  CHECK(result == 0, "%s", call_names[call]);
  ends(numbers[0], call);
  ends(numbers[1], call);
}

static void others(void) {
  int pair_of[2];
  sigset_t signals;
  sigemptyset(&signals);
  ends(socket(AF_INET, SOCK_STREAM, 0), CALL_socket);
  pair(socketpair(AF_UNIX, SOCK_STREAM, 0, pair_of), CALL_socketpair, pair_of);
  pair(pipe(pair_of), CALL_pipe, pair_of);
  pair(pipe2(pair_of, O_CLOEXEC), CALL_pipe2, pair_of);
  ends(epoll_create(1), CALL_epoll_create);
  ends(epoll_create1(0), CALL_epoll_create1);
  ends(eventfd(0, 0), CALL_eventfd);
  ends(timerfd_create(CLOCK_MONOTONIC, 0), CALL_timerfd_create);
  ends(inotify_init(), CALL_inotify_init);
  ends(inotify_init1(0), CALL_inotify_init1);
  int number = signalfd(-1, &signals, 0);
  opened(number, CALL_signalfd);
  uint64_t generation = slot_at(number).generation;
  CHECK(signalfd(number, &signals, 0) == number, "signalfd");
  CHECK(slot_at(number).generation == generation, "it was only changed");
  ends(number, CALL_signalfd);
  ends_or_fails((int)by_name("fanotify_init", 0, 0, 0), CALL_fanotify_init, "");
  if (call_real[CALL_memfd_create])
    ends((int)by_name("memfd_create", (long)"descry", 0, 0), CALL_memfd_create);
  number = (int)by_name("memfd_secret", 0, 0, 0);
  if (call_real[CALL_memfd_secret]) ends_or_fails(number, CALL_memfd_secret, "");
  number = (int)by_name("pidfd_open", getpid(), 0, 0);
  if (call_real[CALL_pidfd_open]) ends_or_fails(number, CALL_pidfd_open, "");
  ends(posix_openpt(O_RDWR | O_NOCTTY), CALL_posix_openpt);
  ends(getpt(), CALL_getpt);
  pair(openpty(pair_of, pair_of + 1, NULL, NULL, NULL), CALL_openpty, pair_of);
  ends(shm_open("/descry-test", O_CREAT | O_RDWR, 0600), CALL_shm_open);
  shm_unlink("/descry-test");
  mqd_t queue = mq_open("/descry-test", O_CREAT | O_RDWR, 0600, NULL);
  if (queue >= 0) {
    opened((int)queue, CALL_mq_open);
    mq_close(queue);
    closed((int)queue, CALL_mq_close);
    mq_unlink("/descry-test");
  } else {
    CHECK(failures(CALL_mq_open, errno), "mq_open");
    seen[CALL_mq_open] = seen[CALL_mq_close] = true;
  }
}

static void copies(void) {
  int number = open("/dev/null", O_RDONLY);
  int copy = dup(number);
  CHECK(slot_at(copy).source == number, "%d", slot_at(copy).source);
  ends(copy, CALL_dup);
  copy = fcntl(number, F_DUPFD, 100);
  CHECK(copy >= 100 && slot_at(copy).source == number, "%d", copy);
  ends(copy, CALL_fcntl);
  copy = (int)by_name("fcntl64", number, F_DUPFD_CLOEXEC, 100);
  if (call_real[CALL_fcntl64]) ends(copy, CALL_fcntl64);
  CHECK(fcntl(number, F_GETFD) == 0, "the rest is passed on");
  int other = open("/dev/zero", O_RDONLY);
  uint64_t generation = slot_at(other).generation;
  CHECK(dup2(number, other) == other, "dup2");
  opened(other, CALL_dup2);
  CHECK(slot_at(other).source == number && slot_at(other).generation > generation, "a new use");
  generation = slot_at(other).generation;
  CHECK(dup2(other, other) == other && slot_at(other).generation == generation, "nothing happens");
  CHECK(dup2(9999, other) == -1 && slot_at(other).state == SLOT_OPEN, "it was not closed");
  CHECK(slot_at(other).generation == generation && failures(CALL_dup2, EBADF) == 1, "failed");
  CHECK(dup3(number, other, O_CLOEXEC) == other, "dup3");
  ends(other, CALL_dup3);
  ends(number, CALL_open);
  generation = slot_at(number).generation;
  CHECK(close(number) == -1 && errno == EBADF && failures(CALL_close, EBADF) == 1, "twice");
  closed(number, CALL_close);
}

static void network(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int server = socket(AF_INET, SOCK_STREAM, 0);
  CHECK(listen(-1, 1) < 0 && failures(CALL_listen, EBADF) == 1, "listen");
  CHECK(bind(server, (struct sockaddr *)&address, sizeof address) == 0, "bind");
  CHECK(bind(server, (struct sockaddr *)&address, sizeof address) < 0, "bind");
  CHECK(failures(CALL_bind, EINVAL) == 1, "bind");
  CHECK(listen(server, 4) == 0, "listen");
  getsockname(server, (struct sockaddr *)&address, &length);
  int client = socket(AF_INET, SOCK_STREAM, 0), second = socket(AF_INET, SOCK_STREAM, 0);
  CHECK(connect(client, (struct sockaddr *)&address, length) == 0, "connect");
  CHECK(connect(second, (struct sockaddr *)&address, length) == 0, "connect");
  ends(accept(server, NULL, NULL), CALL_accept);
  ends(accept4(server, NULL, NULL, SOCK_CLOEXEC), CALL_accept4);
  ends(server, CALL_socket);
  ends(client, CALL_socket);
  ends(second, CALL_socket);
  int refused = socket(AF_INET, SOCK_STREAM, 0);
  CHECK(connect(refused, (struct sockaddr *)&address, length) < 0 && errno == ECONNREFUSED, "refused");
  CHECK(failures(CALL_connect, ECONNREFUSED) == 1, "connect");
  seen[CALL_connect] = seen[CALL_bind] = seen[CALL_listen] = true;
  ends(refused, CALL_socket);
}

static void passed(void) {
  int ends_of[2], sent[2] = {open("/dev/null", O_RDONLY), open("/dev/zero", O_RDONLY)};
  CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends_of) == 0, "socketpair");
  for (int way = 0; way < 3; way++) {
    char byte = 'x';
    struct iovec data = {&byte, 1};
    union {
      struct cmsghdr header;
      char room[CMSG_SPACE(sizeof sent)];
    } control;
    struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control,
                             .msg_controllen = sizeof control};
    control.header = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof sent),
                                      .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(&control.header), sent, sizeof sent);
    CHECK(sendmsg(ends_of[0], &message, 0) == 1, "sendmsg");
    memset(&control, 0, sizeof control);
    struct mmsghdr many = {.msg_hdr = message};
    const struct msghdr *got = way == 1 ? &many.msg_hdr : &message;
    int call = way == 0 ? CALL_recvmsg : way == 1 ? CALL_recvmmsg : CALL_syscall;
    if (way == 0) CHECK(recvmsg(ends_of[1], &message, 0) == 1, "recvmsg");
    if (way == 1) CHECK(recvmmsg(ends_of[1], &many, 1, 0, NULL) == 1, "recvmmsg");
    if (way == 2) CHECK(syscall(SYS_recvmsg, ends_of[1], &message, 0) == 1, "syscall");
    int received[2];
    memcpy(received, CMSG_DATA(CMSG_FIRSTHDR((struct msghdr *)(uintptr_t)got)), sizeof received);
    ends(received[0], call);
    ends(received[1], call);
  }
  char byte;
  struct iovec data = {&byte, 1};
  struct msghdr nothing = {.msg_iov = &data, .msg_iovlen = 1};
  CHECK(recvmsg(-1, &nothing, 0) == -1 && failures(CALL_recvmsg, EBADF) == 1, "recvmsg");
  for (int i = 0; i < 2; i++) close(ends_of[i]), close(sent[i]);
}

static void ranges(void) {
  for (int i = 0; i < 4; i++) CHECK(fcntl(0, F_DUPFD, 200 + i) == 200 + i, "fcntl");
  if (!call_real[CALL_close_range]) {
    seen[CALL_close_range] = seen[CALL_closefrom] = true;
    return;
  }
  CHECK(by_name("close_range", 200, 201, 4) == 0, "it marks only");
  opened(200, CALL_fcntl);
  CHECK(by_name("close_range", 200, 201, 0) == 0, "close_range");
  closed(200, CALL_close_range);
  closed(201, CALL_close_range);
  opened(202, CALL_fcntl);
  by_name("closefrom", 202, 0, 0);
  closed(202, CALL_closefrom);
  closed(203, CALL_closefrom);
}

static void raw(void) {
  ends((int)syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY), CALL_syscall);
  int number = (int)syscall(SYS_eventfd2, 0, 0);
  opened(number, CALL_syscall);
  CHECK(syscall(SYS_close, number) == 0, "close");
  closed(number, CALL_syscall);
  int pair_of[2];
  pair((int)syscall(SYS_pipe2, pair_of, 0), CALL_syscall, pair_of);
  pair((int)syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, pair_of), CALL_syscall, pair_of);
  ends((int)syscall(SYS_dup3, 0, 150, 0), CALL_syscall);
  number = (int)syscall(SYS_fcntl, 0, F_DUPFD, 160);
  CHECK(slot_at(number).source == 0, "%d", slot_at(number).source);
  ends(number, CALL_syscall);
  ends((int)syscall(SYS_memfd_create, "descry", 0), CALL_syscall);
  struct {
    uint64_t flags, mode, resolve;
  } how = {O_RDONLY, 0, 0};
  ends_or_fails((int)syscall(437 /* openat2 */, AT_FDCWD, "/dev/null", &how, sizeof how),
                CALL_syscall, "openat2");
  ends_or_fails((int)syscall(434 /* pidfd_open */, getpid(), 0), CALL_syscall, "pidfd_open");
  char parameters[120] = {0};
  ends_or_fails((int)syscall(425 /* io_uring_setup */, 4, parameters), CALL_syscall, "io_uring");
  ends_or_fails((int)syscall(SYS_userfaultfd, 1), CALL_syscall, "userfaultfd");
  /* All six arguments, of a call that is none of ours. */
  int file = (int)syscall(SYS_memfd_create, "descry", 0);
  CHECK(ftruncate(file, 16384) == 0 && pwrite(file, "right", 5, 8192) == 5, "write");
  char *mapped = (char *)syscall(SYS_mmap, NULL, 4096, PROT_READ, MAP_PRIVATE, file, 8192L);
  CHECK(mapped != MAP_FAILED && !memcmp(mapped, "right", 5), "six arguments");
  munmap(mapped, 4096);
  close(file);
  errno = 0;
  CHECK(syscall(-1) == -1 && errno == ENOSYS, "errno comes through");
}

static void exhausted(void) {
  struct rlimit before, none;
  getrlimit(RLIMIT_NOFILE, &before);
  none = before;
  none.rlim_cur = 3;
  setrlimit(RLIMIT_NOFILE, &none);
  CHECK(open("/dev/null", O_RDONLY) == -1 && errno == EMFILE, "open");
  CHECK(fopen("/dev/null", "r") == NULL && errno == EMFILE, "fopen");
  setrlimit(RLIMIT_NOFILE, &before);
  CHECK(failures(CALL_open, EMFILE) == 1 && failures(CALL_fopen, EMFILE) == 1, "counted");
  CHECK(region->exhausted == 2, "%lu", (unsigned long)region->exhausted);
}

int main(void) {
  start_tracer(STACKS_ALL);
  self = (int)(object_named("calls_test") - region_objects());
  files();
  streams();
  others();
  copies();
  network();
  passed();
  ranges();
  raw();
  exhausted();
  void *library = dlopen("/proc/self/nothing", RTLD_LAZY);
  CHECK(!library && dlerror(), "dlopen's error comes through");
  seen[CALL_dlopen] = true;
  seen[CALL_vfork] = seen[CALL___vfork] = true; /* children_test.c has these */
  for (int call = 0; call < CALL_COUNT; call++) CHECK(seen[call], "%s", call_names[call]);
  CHECK(region->lost == 0 && region->beyond == 0, "%lu", (unsigned long)region->lost);
  tracer_stop();
  uint64_t generations = region->generations;
  int number = open("/dev/null", O_RDONLY);
  CHECK(region->generations == generations, "nothing is recorded any more");
  close(number);
  return 0;
}
