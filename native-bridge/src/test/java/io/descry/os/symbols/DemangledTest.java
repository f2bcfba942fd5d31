package io.descry.os.symbols;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DemangledTest {
  private static final Map<String, String> CXX =
      Map.of(
          "_ZN7rocksdb6DBImpl4OpenE",
          "rocksdb::DBImpl::Open",
          "_ZN4core3ptr",
          "core::ptr::drop_in_place$LT$alloc..vec..Vec$LT$u8$GT$$GT$::h0123456789abcdef",
          "_ZN70impl",
          "_$LT$std..fs..File$u20$as$u20$std..io..Read$GT$::read::h0123456789abcdef");

  private final Demangled demangled = new Demangled(CXX::get);

  @Test
  void cxxIsAsTheDemanglerSays() {
    assertThat(demangled.of("_ZN7rocksdb6DBImpl4OpenE")).isEqualTo("rocksdb::DBImpl::Open");
  }

  @Test
  void rustLosesItsHashAndEscapes() {
    assertThat(demangled.of("_ZN4core3ptr"))
        .isEqualTo("core::ptr::drop_in_place<alloc::vec::Vec<u8>>");
    assertThat(demangled.of("_ZN70impl")).isEqualTo("<std::fs::File as std::io::Read>::read");
  }

  @Test
  void allElseStays() {
    assertThat(demangled.of("uv__open")).isEqualTo("uv__open");
    assertThat(demangled.of("_Zbroken")).isEqualTo("_Zbroken");
  }
}
