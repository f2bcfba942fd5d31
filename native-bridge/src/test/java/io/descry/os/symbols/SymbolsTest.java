package io.descry.os.symbols;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import io.descry.os.JnaLoading;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against objects that this process has loaded: the loader says where a function is. */
class SymbolsTest {
  private static final Path JDK = Path.of(System.getProperty("java.home"), "lib");
  private static final Path JVM = JDK.resolve("server/libjvm.so");
  private static final Path ZIP = JDK.resolve("libzip.so");

  private final Symbols symbols = new Symbols(Map.of("_ZN1aE", "a")::get);

  @BeforeAll
  static void jna() {
    assertThat(JnaLoading.once().loaded()).isTrue();
  }

  private Symbol find(Image image, long address) {
    return symbols.find(image, address - image.base());
  }

  @Test
  void namesTheFunctionsOfAFile() throws IOException {
    Image image = Loaded.image(JVM);
    long address = Loaded.address(JVM, "JNI_GetCreatedJavaVMs");
    assertThat(find(image, address + 4)).isEqualTo(new Symbol("JNI_GetCreatedJavaVMs", 4));
    assertThat(symbols.unread()).isZero();
  }

  @Test
  void namesExportedFunctionsFromMemoryWhenTheFileIsGone() throws IOException {
    Image there = Loaded.image(ZIP);
    Image gone = without(there, "/nowhere/libzip.so", there.buildId());
    String function = "Java_java_util_zip_CRC32_update";
    long address = Loaded.address(ZIP, function);
    assertThat(find(gone, address + 1)).isEqualTo(new Symbol(function, 1));
    assertThat(find(gone, address + 1)).isEqualTo(find(there, address + 1));
    assertThat(symbols.unread()).isZero();
  }

  @Test
  void anotherFileOfTheSameNameIsNotBelieved(@TempDir Path directory) throws IOException {
    Path other = Files.copy(JDK.resolve("libnet.so"), directory.resolve("libzip.so"));
    Image there = Loaded.image(ZIP);
    String function = "Java_java_util_zip_CRC32_update";
    long address = Loaded.address(ZIP, function);
    assertThat(find(without(there, other.toString(), there.buildId()), address + 1))
        .isEqualTo(new Symbol(function, 1));
  }

  @Test
  void withoutABuildIdTheHeadersTell(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("libjnidispatch.so");
    byte[] content = jnidispatch();
    hideBuildId(content);
    Files.write(file, content);
    String function = "Java_com_sun_jna_Native_sizeof";
    long address = Loaded.address(file, function);
    Image image = Loaded.image(file);
    assertThat(image.buildId()).isNull();
    // A function that is in the file's full table only tells that the file was read.
    Symbol hidden = hidden(file);
    assertThat(symbols.find(image, hidden.within() + 1)).isEqualTo(new Symbol(hidden.name(), 1));
    assertThat(find(image, address + 1)).isEqualTo(new Symbol(function, 1));

    Path changed = directory.resolve("changed.so");
    content[24]++;
    Files.write(changed, content);
    Image other = without(image, changed.toString(), null);
    assertThat(find(other, address + 1)).isEqualTo(new Symbol(function, 1));
    assertThat(symbols.find(other, hidden.within() + 1)).isNull();

    Loaded.unload(file);
    // The memory is gone, whatever is still believed of it.
    assertThat(new Symbols(name -> null).find(other, address + 1 - image.base())).isNull();
  }

  @Test
  void anObjectThatWasUnloadedMeanwhileHasNoNamesAndDoesNoHarm() {
    Image image = new Image("/nowhere/x.so", null, 0x10000, 0x10000, 0x20000, 0x11000, true);
    assertThat(symbols.find(image, 0x100)).isNull();
    Image unloaded = new Image("/nowhere/x.so", null, 0x10000, 0x10000, 0x20000, 0x11000, false);
    assertThat(symbols.find(unloaded, 0x100)).isNull();
    assertThat(symbols.unread()).isEqualTo(2);
  }

  @Test
  void anAddressBetweenFunctionsHasNoName() throws IOException {
    Image image = Loaded.image(ZIP);
    assertThat(symbols.find(image, 1)).isNull();
    assertThat(symbols.find(image, image.end() - image.base() + 100)).isNull();
  }

  @Test
  void whatNobodyAsksAboutIsForgottenAndReadAgain() throws IOException {
    Image image = without(Loaded.image(ZIP), "/nowhere/libzip.so", null);
    long address = Loaded.address(ZIP, "Java_java_util_zip_CRC32_update");
    Symbol found = find(image, address + 1);
    symbols.forget();
    symbols.forget();
    assertThat(find(image, address + 1)).isEqualTo(found);
  }

  private static Image without(Image image, String path, String buildId) {
    return new Image(
        path, buildId, image.base(), image.begin(), image.end(), image.dynamic(), true);
  }

  private static byte[] jnidispatch() throws IOException {
    String name = "/com/sun/jna/" + Platform.RESOURCE_PREFIX + "/libjnidispatch.so";
    try (InputStream in = Native.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  /** Makes the note another one: the name of its owner is no longer "GNU". */
  private static void hideBuildId(byte[] content) {
    for (int i = 0; i + 16 < content.length; i += 4) {
      if (content[i] == 4 && content[i + 8] == 3 && content[i + 12] == 'G') {
        content[i + 12] = 'H';
        return;
      }
    }
    throw new AssertionError("no build id");
  }

  /** A function of the full table that is not exported. */
  private static Symbol hidden(Path file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      ElfFile elf = new ElfFile(new FileSource(in));
      SymbolTable all = elf.allSymbols();
      SymbolTable exported = elf.exportedSymbols();
      for (int i = 0; i < all.size(); i++) {
        if (exported.find(all.address(i)) < 0) {
          return new Symbol(all.name(i), all.address(i));
        }
      }
      throw new AssertionError("only exported functions");
    }
  }
}
