/*
 * The calls that are hooked. Their order is what slots and errors name them by; Java reads the names
 * with Tracer.calls() and knows no number of its own.
 *
 * CALL(name of the function): anything else about it stands in hooks.c.
 */
/* clang-format off */
#define CALLS(CALL) \
  CALL(open) CALL(open64) CALL(openat) CALL(openat64) CALL(creat) CALL(creat64) \
  CALL(__open_2) CALL(__open64_2) CALL(__openat_2) CALL(__openat64_2) CALL(open_by_handle_at) \
  CALL(socket) CALL(socketpair) CALL(accept) CALL(accept4) CALL(pipe) CALL(pipe2) \
  CALL(dup) CALL(dup2) CALL(dup3) CALL(fcntl) CALL(fcntl64) \
  CALL(epoll_create) CALL(epoll_create1) CALL(eventfd) CALL(timerfd_create) CALL(signalfd) \
  CALL(inotify_init) CALL(inotify_init1) CALL(fanotify_init) CALL(memfd_create) CALL(memfd_secret) \
  CALL(pidfd_open) CALL(recvmsg) CALL(recvmmsg) \
  CALL(fopen) CALL(fopen64) CALL(freopen) CALL(freopen64) CALL(tmpfile) CALL(tmpfile64) CALL(popen) \
  CALL(fclose) CALL(pclose) CALL(opendir) CALL(closedir) \
  CALL(posix_openpt) CALL(getpt) CALL(openpty) CALL(mq_open) CALL(mq_close) CALL(shm_open) \
  CALL(mkstemp) CALL(mkstemp64) CALL(mkostemp) CALL(mkostemp64) \
  CALL(mkstemps) CALL(mkstemps64) CALL(mkostemps) CALL(mkostemps64) \
  CALL(close) CALL(close_range) CALL(closefrom) \
  CALL(connect) CALL(bind) CALL(listen) \
  CALL(syscall) CALL(dlopen) CALL(dlsym) \
  CALL(vfork) CALL(__vfork)
/* clang-format on */
