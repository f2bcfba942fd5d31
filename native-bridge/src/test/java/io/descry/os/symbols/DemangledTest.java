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
  void parametersAreLeftOut() {
    assertThat(plain("rocksdb::DB::Open(rocksdb::Options const&, std::function<void (int)>)"))
        .isEqualTo("rocksdb::DB::Open");
    assertThat(plain("a::B::size() const")).isEqualTo("a::B::size");
    assertThat(plain("a::B::operator()(int) const [clone .cold]")).isEqualTo("a::B::operator()");
    assertThat(plain("(anonymous namespace)::open(char const*)"))
        .isEqualTo("(anonymous namespace)::open");
    assertThat(plain("a::f(int)::{lambda(int)#1}::operator()(int) const"))
        .isEqualTo("a::f(int)::{lambda(int)#1}::operator()");
    assertThat(plain("(broken")).isEqualTo("(broken");
    assertThat(plain("vtable for a::B")).isEqualTo("vtable for a::B");
  }

  private static String plain(String name) {
    return new Demangled(symbol -> name).of("_Zx");
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
