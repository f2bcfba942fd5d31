package io.descry.reconcile.library;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A native library that Descry knows by name.
 *
 * @param name what its maintainers call it
 * @param files the names that its shared object has: its soname, in the jar, and as extracted. The
 *     group {@code version} is its version, the group {@code prefix} what shading put before it.
 * @param artifact the Maven artifact that carries it, a regular expression; {@code null} when none
 *     does
 * @param versionFunction what it exports as {@code const char *f(void)} to tell its version; {@code
 *     null} when nothing
 */
record KnownLibrary(String name, Pattern files, String artifact, String versionFunction) {
  private static final List<KnownLibrary> ALL =
      List.of(
          // Event loops.
          system("libuv", "libuv\\.so.*", "uv_version_string"),
          system("libev", "libev[-.].*so.*", null),
          system("libevent", "libevent[-_.].*so.*", "event_get_version"),
          netty("netty-transport-native-epoll", "netty_transport_native_epoll"),
          netty("netty-transport-native-io_uring", "netty_transport_native_io_uring42"),
          netty("netty-incubator-transport-native-io_uring", "netty_transport_native_io_uring"),
          netty("netty-codec-native-quic", "netty_quiche42"),
          netty("netty-incubator-codec-native-quic", "netty_quiche"),
          netty("netty-tcnative", "netty_tcnative", "netty-tcnative[a-z-]*"),
          maven("javet", "libjavet-(?:node|v8)-.*?(?:\\.v\\.(?<version>[0-9.]+))?\\.so", "javet.*"),
          // Databases.
          maven(
              "sqlite-jdbc",
              "(?:sqlite-(?<version>[0-9.]+)-.*)?libsqlitejdbc.*\\.so",
              "sqlite-jdbc"),
          system("sqlite", "libsqlite3\\.so.*", "sqlite3_libversion"),
          maven("rocksdbjni", "librocksdbjni.*\\.so", "rocksdbjni"),
          maven("leveldbjni", "libleveldbjni.*\\.so", "leveldbjni.*"),
          maven("lmdbjava", "lmdbjava.*\\.so", "lmdbjava.*"),
          maven("duckdb_jdbc", "libduckdb_java.*", "duckdb_jdbc"),
          // Bridges from Java to C.
          maven("jna", "libjnidispatch.*\\.so|jna\\d+\\.tmp", "jna"),
          maven("jffi", "(?:lib)?jffi.*\\.so", "jffi"),
          maven(
              "junixsocket",
              ".*junixsocket-native(?:-(?<version>\\d+(?:\\.\\d+)+))?.*\\.so.*",
              "junixsocket-(?:native-)?common"),
          // Agents.
          maven("async-profiler", "libasyncProfiler.*\\.so", "async-profiler|ap-loader-.*"),
          maven("datadog-java-profiler", "libjavaProfiler.*\\.so", "ddprof|dd-java-agent"),
          maven(
              "datadog-libddwaf", "lib(?:sqreen|ddwaf)_?jni.*\\.so", "libddwaf-java|dd-java-agent"),
          maven("datadog-libdatadog", "libdatadog.*\\.so", "dd-java-agent"),
          system("opentelemetry-cpp", "libopentelemetry_.*\\.so.*", null),
          maven("elastic-apm-agent", "libelastic-(?:jvmti|apm).*\\.so", "elastic-(?:otel|apm)-.*"),
          maven("pyroscope-java", "libpyroscope.*\\.so", "pyroscope|agent"),
          // Compression, cryptography and the like.
          maven(
              "snappy-java",
              "(?:snappy-(?<version>[0-9.]+)-.*)?libsnappyjava.*\\.so",
              "snappy-java"),
          maven("zstd-jni", "libzstd-jni.*\\.so", "zstd-jni"),
          maven("lz4-java", "liblz4-java.*\\.so", "lz4-java|lz4-pure-java|lz4"),
          maven("brotli4j", "libbrotli(?:4j)?\\d*\\.so", "native-linux-.*|brotli4j"),
          maven("conscrypt", "libconscrypt_openjdk_jni.*\\.so", "conscrypt-openjdk.*"),
          maven("wildfly-openssl", "libwfssl.*\\.so", "wildfly-openssl.*"),
          system("tomcat-native", "libtcnative-.*\\.so.*", null),
          system("openssl", "lib(?:ssl|crypto)\\.so.*", null),
          maven("aws-crt", "(?:AWSCRT_.*)?libaws-crt-jni.*\\.so", "aws-crt.*"),
          maven("onnxruntime", "libonnxruntime.*\\.so.*", "onnxruntime.*"),
          maven("jansi", "(?:jansi-(?<version>[0-9.]+)-.*)?libjansi.*\\.so", "jansi"),
          maven("jline", "(?:jlinenative-(?<version>[0-9.]+)-.*)?libjlinenative.*\\.so", "jline.*"),
          system("hadoop", "libhadoop\\.so.*", null),
          system("librdkafka", "librdkafka\\.so.*", "rd_kafka_version_str"),
          system("libcurl", "libcurl(?:-gnutls|-nss)?\\.so.*", null),
          system("libpq", "libpq\\.so.*", null));

  private static KnownLibrary system(String name, String files, String versionFunction) {
    return new KnownLibrary(name, Pattern.compile(files), null, versionFunction);
  }

  private static KnownLibrary maven(String name, String files, String artifact) {
    return new KnownLibrary(name, Pattern.compile(files), artifact, null);
  }

  private static KnownLibrary netty(String name, String file) {
    return netty(name, file, name);
  }

  /** Netty's linker script puts the version into the soname; shading prefixes the file's name. */
  private static KnownLibrary netty(String name, String file, String artifact) {
    String files = "lib(?<prefix>\\w*?)" + file + "(?:_\\w+)?(?:-(?<version>\\d[\\w.]*))?\\.so";
    return maven(name, files, artifact);
  }

  /** The first whose files have one of these names; {@code null} when there is none. */
  static KnownLibrary of(List<String> names) {
    for (KnownLibrary known : ALL) {
      if (names.stream().anyMatch(name -> known.files.matcher(name).matches())) {
        return known;
      }
    }
    return null;
  }

  /** Whether one has this name. */
  static boolean isKnown(String name) {
    return ALL.stream().anyMatch(known -> known.name.equals(name));
  }

  /** What a group of the names' pattern has; {@code null} when no name has it. */
  String group(List<String> names, String group) {
    if (!files.pattern().contains("(?<" + group + ">")) {
      return null;
    }
    for (String name : names) {
      Matcher matcher = files.matcher(name);
      if (matcher.matches() && matcher.group(group) != null && !matcher.group(group).isEmpty()) {
        return matcher.group(group);
      }
    }
    return null;
  }
}
