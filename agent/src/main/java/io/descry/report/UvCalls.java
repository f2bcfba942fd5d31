package io.descry.report;

import java.util.Map;

/**
 * Functions of libuv's API that open descriptors, as lines of C that call them (docs.libuv.org).
 */
final class UvCalls {
  private static final String LOOP =
      """
      uv_loop_t *own = malloc(sizeof *own);
      check(uv_loop_init(own));
      /* uv_loop_close(own), after the handles are closed and the loop has run, would be here. */
      """;

  private static final String TCP =
      """
      uv_tcp_t *tcp = malloc(sizeof *tcp);
      struct sockaddr_in address;
      """;

  private static final String UDP =
      """
      uv_udp_t *udp = malloc(sizeof *udp);
      struct sockaddr_in address;
      """;

  private static final String NO_CLOSE =
      "/* uv_close(handle, callback) and another uv_run(loop) would be here. */\n";

  private static final String NO_FILE_CLOSE =
      "/* uv_fs_close of the result would be here. */\nuv_fs_req_cleanup(&request);\n";

  private static final Map<String, String> BY_FUNCTION =
      Map.ofEntries(
          Map.entry("uv_loop_init", LOOP),
          Map.entry("uv_loop_new", LOOP),
          Map.entry(
              "uv_tcp_init_ex",
              "uv_tcp_t *tcp = malloc(sizeof *tcp);\n"
                  + "check(uv_tcp_init_ex(loop, tcp, AF_INET));\n"
                  + NO_CLOSE),
          Map.entry(
              "uv_tcp_connect",
              TCP
                  + """
                  uv_connect_t *request = malloc(sizeof *request);
                  /* Put the port of a server here: nobody listens on 9 of most machines. */
                  check(uv_ip4_addr("127.0.0.1", 9, &address));
                  check(uv_tcp_init(loop, tcp));
                  check(uv_tcp_connect(request, tcp, (const struct sockaddr *) &address, NULL));
                  uv_run(loop, UV_RUN_ONCE);
                  """
                  + NO_CLOSE),
          Map.entry(
              "uv_tcp_bind",
              TCP
                  + """
                  check(uv_ip4_addr("127.0.0.1", 0, &address));
                  check(uv_tcp_init(loop, tcp));
                  check(uv_tcp_bind(tcp, (const struct sockaddr *) &address, 0));
                  """
                  + NO_CLOSE),
          Map.entry(
              "uv_udp_bind",
              UDP
                  + """
                  check(uv_ip4_addr("127.0.0.1", 0, &address));
                  check(uv_udp_init(loop, udp));
                  check(uv_udp_bind(udp, (const struct sockaddr *) &address, 0));
                  """
                  + NO_CLOSE),
          Map.entry(
              "uv_udp_send",
              UDP
                  + """
                  uv_udp_send_t *request = malloc(sizeof *request);
                  uv_buf_t buffer = uv_buf_init("x", 1);
                  check(uv_ip4_addr("127.0.0.1", 9, &address));
                  check(uv_udp_init(loop, udp));
                  check(uv_udp_send(request, udp, &buffer, 1, (const struct sockaddr *) &address, NULL));
                  uv_run(loop, UV_RUN_NOWAIT);
                  """
                  + NO_CLOSE),
          Map.entry(
              "uv_pipe",
              """
              uv_file ends[2];
              check(uv_pipe(ends, 0, 0));
              /* uv_fs_close, or close(2), of both ends would be here. */
              """),
          Map.entry(
              "uv_socketpair",
              """
              uv_os_sock_t ends[2];
              check(uv_socketpair(SOCK_STREAM, 0, ends, 0, 0));
              /* close(2) of both ends would be here. */
              """),
          Map.entry(
              "uv_fs_open",
              """
              uv_fs_t request;
              check(uv_fs_open(loop, &request, "/dev/null", UV_FS_O_RDONLY, 0, NULL));
              """
                  + NO_FILE_CLOSE),
          Map.entry(
              "uv_fs_mkstemp",
              """
              uv_fs_t request;
              check(uv_fs_mkstemp(loop, &request, "/tmp/reproducer-XXXXXX", NULL));
              unlink(request.path);
              """
                  + NO_FILE_CLOSE),
          Map.entry(
              "uv_fs_opendir",
              """
              uv_fs_t request;
              check(uv_fs_opendir(loop, &request, "/", NULL));
              /* uv_fs_closedir of request.ptr would be here. */
              uv_fs_req_cleanup(&request);
              """),
          Map.entry(
              "uv_fs_event_start",
              """
              uv_loop_t *own = malloc(sizeof *own);
              uv_fs_event_t *watch = malloc(sizeof *watch);
              check(uv_loop_init(own));
              check(uv_fs_event_init(own, watch));
              check(uv_fs_event_start(watch, changed, "/", 0));
              /* uv_close of the handle, uv_run and uv_loop_close would be here. */
              """));

  private UvCalls() {}

  /** Which functions there are. */
  static Iterable<String> functions() {
    return BY_FUNCTION.keySet();
  }

  /** Lines that call one, given {@code loop}; {@code null} when there are none for it. */
  static String of(String function) {
    return function == null ? null : BY_FUNCTION.get(function);
  }

  /** A whole program that runs the lines so many times. */
  static String program(int times, String lines) {
    return """
        #define _GNU_SOURCE
        #include <dirent.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <sys/socket.h>
        #include <unistd.h>
        #include <uv.h>

        static void check(int result) {
          if (result < 0) {
            fprintf(stderr, "libuv: %%s\\n", uv_strerror(result));
            exit(1);
          }
        }

        static int open_descriptors(void) {
          int count = 0;
          DIR *directory = opendir("/proc/self/fd");
          while (directory != NULL && readdir(directory) != NULL) {
            count++;
          }
          if (directory != NULL) {
            closedir(directory);
          }
          return count;
        }

        %sstatic void step(uv_loop_t *loop) {
          (void) loop;
        %s}

        int main(void) {
          uv_loop_t loop;
          check(uv_loop_init(&loop));
          printf("libuv %%s\\n", uv_version_string());
          step(&loop);
          int before = open_descriptors();
          for (int i = 0; i < %d; i++) {
            step(&loop);
          }
          printf("open before %%d, after %%d\\n", before, open_descriptors());
          return 0;
        }
        """
        .formatted(
            lines.contains("changed")
                ? """
                static void changed(uv_fs_event_t *watch, const char *file, int events, int status) {
                  (void) watch;
                  (void) file;
                  (void) events;
                  (void) status;
                }

                """
                : "",
            lines.indent(2),
            times);
  }
}
