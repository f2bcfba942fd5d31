package io.descry.reconcile.library;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Native;
import io.descry.os.tracer.NativeFrame;
import io.descry.os.tracer.NativeObject;
import io.descry.os.tracer.NativeObject.Role;
import io.descry.os.tracer.NativeStack;
import io.descry.os.tracer.NativeUse;
import io.descry.reconcile.Library;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the jars on this test's own class path, and jars made here. */
class LibrariesTest {
  private static final String EPOLL = "META-INF/native/libnetty_transport_native_epoll_x86_64.so";

  private int objects;

  private NativeObject object(String path, String soname, String buildId, Role role) {
    return new NativeObject(++objects, path, soname, buildId, role);
  }

  private NativeObject object(String path) {
    return object(path, null, null, Role.LIBRARY);
  }

  private static NativeFrame frame(NativeObject object, String symbol) {
    return new NativeFrame(object, 16, symbol, symbol == null ? 0 : 4);
  }

  private static NativeUse use(NativeObject object, NativeFrame... frames) {
    NativeStack stack = new NativeStack(List.of(frames), List.of());
    return new NativeUse(1, "open", object, 0, 1, null, 1, 1, -1, stack, null, false);
  }

  private static Library of(NativeUse use) {
    return new Libraries().of(use);
  }

  private static Library of(NativeUse use, Path... archives) {
    return new Libraries(new ArtifactSearch(() -> List.of(archives))).of(use);
  }

  @Test
  void theVersionInTheNameThatItWasExtractedTo() {
    String path = "/tmp/sqlite-3.54.1.0-5be20f5e-3c0a-4b8c-9d2f-0f7c8d0e1a2b-libsqlitejdbc.so";
    assertThat(of(use(object(path))))
        .usingRecursiveComparison()
        .ignoringFields("buildId")
        .isEqualTo(new Library("sqlite-jdbc", "3.54.1.0", path));
    String javet = "/tmp/javet/1/libjavet-node-linux-x86_64.v.4.1.5.so";
    assertThat(of(use(object(javet))))
        .usingRecursiveComparison()
        .ignoringFields("buildId")
        .isEqualTo(new Library("javet", "4.1.5", javet));
  }

  @Test
  void theVersionInTheSoname() {
    String soname = "libnetty_transport_native_epoll_x86_64-4.2.18.Final.so";
    String path = "/tmp/libnetty_transport_native_epoll_x86_6415925430912345.so";
    assertThat(of(use(object(path, soname, null, Role.LIBRARY))))
        .usingRecursiveComparison()
        .ignoringFields("buildId")
        .isEqualTo(new Library("netty-transport-native-epoll", "4.2.18.Final", path));
  }

  @Test
  void theVersionOfTheArtifactThatHasTheVerySameFile() throws IOException {
    String rocks = "/tmp/librocksdbjni8123456789012345678.so";
    String rocksId = buildId("/librocksdbjni-linux64.so");
    assertThat(of(use(object(rocks, null, rocksId, Role.LIBRARY))))
        .usingRecursiveComparison()
        .ignoringFields("buildId")
        .isEqualTo(new Library("rocksdbjni", lab("rocksdbjni"), rocks));
    String jna = "/home/app/.cache/JNA/temp/jna123456789.tmp";
    String jnaId = buildId("/com/sun/jna/linux-x86-64/libjnidispatch.so");
    assertThat(of(use(object(jna, "../build/libjnidispatch.so", jnaId, Role.LIBRARY))))
        .usingRecursiveComparison()
        .ignoringFields("buildId")
        .isEqualTo(new Library("jna", Native.VERSION, jna));
    String netty = "/tmp/libnetty_transport_native_epoll_x86_641.so";
    assertThat(of(use(object(netty, null, buildId("/" + EPOLL), Role.LIBRARY))).version())
        .isEqualTo(properties("netty-transport-native-epoll", "io.netty"));
  }

  @Test
  void noVersionRatherThanThatOfAnotherFile() {
    String path = "/tmp/librocksdbjni8123456789012345678.so";
    String other = "00112233445566778899aabbccddeeff00112233";
    assertThat(of(use(object(path, null, other, Role.LIBRARY))))
        .usingRecursiveComparison()
        .ignoringFields("buildId")
        .isEqualTo(new Library("rocksdbjni", null, path));
  }

  @Test
  void withoutABuildIdAllJarsMustAgree(@TempDir Path directory) throws IOException {
    Path one = jar(directory.resolve("lz4-java-1.8.0.jar"), Map.of("x/liblz4-java.so", "?"));
    Path same = jar(directory.resolve("lz4-java-1.8.0-copy.jar"), Map.of("liblz4-java.so", "?"));
    Path other = jar(directory.resolve("lz4-java-1.7.1.jar"), Map.of("liblz4-java.so", "?"));
    NativeUse use = use(object("/tmp/liblz4-java-123.so"));
    assertThat(of(use, one, same).version()).isEqualTo("1.8.0");
    assertThat(of(use, one, other))
        .usingRecursiveComparison()
        .ignoringFields("buildId")
        .isEqualTo(new Library("lz4-java", null, use.object().path()));
  }

  @Test
  void shadedCopiesHaveTheirPackages(@TempDir Path directory) throws IOException {
    String file = "libio_grpc_netty_shaded_netty_transport_native_epoll_x86_64";
    Path jar =
        jar(
            directory.resolve("grpc-netty-shaded-1.68.0.jar"),
            Map.of(
                "META-INF/native/" + file + ".so",
                "?",
                "META-INF/io.netty.versions.properties",
                "netty-transport-native-epoll.version=4.1.110.Final\n"));
    NativeUse use = use(object("/tmp/" + file + "12345678.so"));
    assertThat(of(use, jar).name())
        .isEqualTo("netty-transport-native-epoll (io.grpc.netty.shaded)");
    assertThat(of(use, jar).version()).isEqualTo("4.1.110.Final");
  }

  @Test
  void jarsWithinAJarTellByTheirNames(@TempDir Path directory) throws IOException {
    Path boot =
        jar(
            directory.resolve("app.jar"),
            Map.of(
                "META-INF/MANIFEST.MF",
                "Manifest-Version: 1.0\nImplementation-Version: 9\n\n",
                "BOOT-INF/lib/rocksdbjni-9.1.1.jar",
                "?",
                "BOOT-INF/lib/zstd-jni-1.5.7-9.jar",
                "?"));
    assertThat(of(use(object("/tmp/librocksdbjni123.so")), boot).version()).isEqualTo("9.1.1");
    assertThat(of(use(object("/tmp/libzstd-jni-1.5.7-91234.so")), boot).version())
        .isEqualTo("1.5.7-9");
    assertThat(of(use(object("/tmp/libsnappyjava.so")), boot).version()).isNull();
  }

  @Test
  void anUnknownLibraryIsCalledAsItsArtifact(@TempDir Path directory) throws IOException {
    Path jar =
        jar(
            directory.resolve("renamed.jar"),
            Map.of(
                "native/libfastio.so",
                "?",
                "META-INF/maven/org.example/fast-io/pom.properties",
                "version=2.1\n"));
    NativeUse use = use(object("/tmp/libfastio8123456789.so"));
    assertThat(of(use, jar))
        .usingRecursiveComparison()
        .ignoringFields("buildId")
        .isEqualTo(new Library("fast-io", "2.1", use.object().path()));
    assertThat(of(use))
        .usingRecursiveComparison()
        .ignoringFields("buildId")
        .isEqualTo(new Library("libfastio", null, use.object().path()));
    String system = "/usr/lib/x86_64-linux-gnu/libfastio.so.2";
    assertThat(of(use(object(system)), jar))
        .usingRecursiveComparison()
        .ignoringFields("buildId")
        .isEqualTo(new Library("libfastio", null, system));
  }

  @Test
  void whatWorksForOthersIsNotAnswerable() {
    NativeObject library = object("/tmp/librocksdbjni123.so");
    NativeObject runtime = object("/usr/lib/x86_64-linux-gnu/libstdc++.so.6");
    NativeObject zlib = object("/lib/x86_64-linux-gnu/libz.so.1.2.13", "libz.so.1", null, Role.JDK);
    assertThat(of(use(runtime, frame(runtime, null), frame(library, "open"))).name())
        .isEqualTo("rocksdbjni");
    assertThat(of(use(zlib, frame(zlib, "gzopen"), frame(library, null))).name())
        .isEqualTo("rocksdbjni");
    assertThat(of(use(runtime, frame(runtime, null))).name()).isEqualTo("libstdc++");
  }

  @Test
  void jnaIsAnswerableOnlyForWhatItsUserCallsDirectly() {
    NativeObject jna = object("/tmp/jna123.tmp", "libjnidispatch.so", null, Role.LIBRARY);
    NativeObject uv = object("/nowhere/libuv.so.1.0.0", "libuv.so.1", null, Role.LIBRARY);
    assertThat(of(use(jna, frame(jna, "ffi_call"))).name()).isEqualTo("jna");
    assertThat(of(use(uv, frame(uv, "uv__open"), frame(jna, "ffi_call"))))
        .usingRecursiveComparison()
        .ignoringFields("buildId")
        .isEqualTo(new Library("libuv", null, uv.path()));
  }

  @Test
  void aLibuvWithinAnotherIsToldByItsSymbols() {
    NativeObject javet = object("/tmp/libjavet-node-linux-x86_64.v.4.1.5.so");
    Libraries libraries = new Libraries();
    assertThat(libraries.of(use(javet, frame(javet, "uv__open"), frame(javet, "node::Start"))))
        .usingRecursiveComparison()
        .ignoringFields("buildId")
        .isEqualTo(new Library("libuv (in libjavet-node)", null, javet.path()));
    assertThat(libraries.of(use(javet, frame(javet, "v8::internal::Open"))).name())
        .isEqualTo("javet");
  }

  @Test
  void theJdkAndDescryAreNoLibraries() {
    assertThat(of(use(object("/jdk/lib/libnio.so", null, null, Role.JDK)))).isNull();
    assertThat(of(use(object("/tmp/libdescry.so", null, null, Role.DESCRY)))).isNull();
    assertThat(of(use(null))).isNull();
    assertThat(of(use(object("", null, null, Role.FETCHED))))
        .usingRecursiveComparison()
        .ignoringFields("buildId")
        .isEqualTo(new Library("FFM API", null, null));
  }

  @Test
  void namesThatWereMadeUpMakeNoNewLibraries() {
    assertThat(of(use(object("/tmp/libfoo-1.2.so"))).name()).isEqualTo("libfoo-1.2");
    assertThat(of(use(object("/tmp/libfoo8123456789012345678.so"))).name()).isEqualTo("libfoo");
    assertThat(of(use(object("/tmp/libfoo-5be20f5e-3c0a-4b8c-9d2f-0f7c8d0e1a20.so"))).name())
        .isEqualTo("libfoo");
  }

  private static Path jar(Path file, Map<String, String> entries) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return file;
  }

  /** The build id in a shared object on the class path: behind a note's "GNU". */
  private static String buildId(String resource) throws IOException {
    try (InputStream in = LibrariesTest.class.getResourceAsStream(resource)) {
      String head = HexFormat.of().formatHex(in.readNBytes(1 << 15));
      int note = head.indexOf("040000001400000003000000474e5500");
      assertThat(note).isPositive();
      return head.substring(note + 32, note + 72);
    }
  }

  private static String lab(String artifact) {
    String path = System.getProperty("java.class.path");
    String name = path.replaceFirst(".*/" + artifact + "-([^/:]+)\\.jar.*", "$1");
    assertThat(name).isNotEqualTo(path);
    return name;
  }

  private static String properties(String artifact, String group) throws IOException {
    String name = "/META-INF/maven/" + group + "/" + artifact + "/pom.properties";
    try (InputStream in = LibrariesTest.class.getResourceAsStream(name)) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    }
  }
}
