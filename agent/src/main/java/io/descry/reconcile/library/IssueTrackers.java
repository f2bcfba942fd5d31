package io.descry.reconcile.library;

import java.util.Map;

/** Where the maintainers of libraries take bug reports. */
public final class IssueTrackers {
  private static final String NETTY = "https://github.com/netty/netty/issues";

  private static final Map<String, String> BY_NAME =
      Map.ofEntries(
          Map.entry("libuv", "https://github.com/libuv/libuv/issues"),
          Map.entry("libevent", "https://github.com/libevent/libevent/issues"),
          Map.entry("netty-transport-native-epoll", NETTY),
          Map.entry("netty-transport-native-io_uring", NETTY),
          Map.entry("netty-codec-native-quic", NETTY),
          Map.entry(
              "netty-incubator-transport-native-io_uring",
              "https://github.com/netty/netty-incubator-transport-io_uring/issues"),
          Map.entry(
              "netty-incubator-codec-native-quic",
              "https://github.com/netty/netty-incubator-codec-quic/issues"),
          Map.entry("netty-tcnative", "https://github.com/netty/netty-tcnative/issues"),
          Map.entry("javet", "https://github.com/caoccao/Javet/issues"),
          Map.entry("sqlite-jdbc", "https://github.com/xerial/sqlite-jdbc/issues"),
          Map.entry("sqlite", "https://sqlite.org/forum"),
          Map.entry("rocksdbjni", "https://github.com/facebook/rocksdb/issues"),
          Map.entry("lmdbjava", "https://github.com/lmdbjava/lmdbjava/issues"),
          Map.entry("duckdb_jdbc", "https://github.com/duckdb/duckdb-java/issues"),
          Map.entry("junixsocket", "https://github.com/kohlschutter/junixsocket/issues"),
          Map.entry("async-profiler", "https://github.com/async-profiler/async-profiler/issues"),
          Map.entry("snappy-java", "https://github.com/xerial/snappy-java/issues"),
          Map.entry("zstd-jni", "https://github.com/luben/zstd-jni/issues"),
          Map.entry("conscrypt", "https://github.com/google/conscrypt/issues"),
          Map.entry("openssl", "https://github.com/openssl/openssl/issues"),
          Map.entry("aws-crt", "https://github.com/awslabs/aws-crt-java/issues"),
          Map.entry("onnxruntime", "https://github.com/microsoft/onnxruntime/issues"),
          Map.entry("jline", "https://github.com/jline/jline3/issues"),
          Map.entry("librdkafka", "https://github.com/confluentinc/librdkafka/issues"),
          Map.entry("libcurl", "https://github.com/curl/curl/issues"));

  private IssueTrackers() {}

  /**
   * The address of a library's tracker.
   *
   * @param library its name, as {@link io.descry.reconcile.Library} has it: of a copy that was
   *     shaded, or is linked into another, that of the library itself counts
   * @return {@code null} when Descry knows of none
   */
  public static String of(String library) {
    return BY_NAME.get(plain(library));
  }

  /** The name of a library without where a copy of it is. */
  public static String plain(String library) {
    int copy = library.indexOf(" (");
    return copy < 0 ? library : library.substring(0, copy);
  }

  /** Whose tracker is known. */
  static Iterable<String> libraries() {
    return BY_NAME.keySet();
  }
}
