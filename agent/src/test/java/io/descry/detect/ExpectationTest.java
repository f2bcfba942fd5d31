package io.descry.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.api.HandleKind;
import io.descry.os.Kind;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Library;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Site;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExpectationTest {
  private static final GroupKey CONNECT = World.java(Kind.SOCKET_TCP, "connect");
  private static final GroupKey UV =
      new GroupKey(Owner.LIBRARY, new Library("libuv", null, "/libuv.so"), Kind.PIPE, Site.UNKNOWN);

  @Test
  void theApiHasTheSameKinds() {
    assertThat(Arrays.stream(HandleKind.values()).map(HandleKind::label))
        .containsExactly(Arrays.stream(Kind.values()).map(Kind::label).toArray(String[]::new));
    assertThat(Arrays.stream(HandleKind.values()).map(Enum::name))
        .containsExactly(Arrays.stream(Kind.values()).map(Enum::name).toArray(String[]::new));
  }

  @Test
  void takesInByKind() {
    assertThat(expect(Set.of(), null, null).takesIn(CONNECT)).isTrue();
    assertThat(expect(Set.of(Kind.SOCKET_TCP), null, null).takesIn(CONNECT)).isTrue();
    assertThat(expect(Set.of(Kind.FILE), null, null).takesIn(CONNECT)).isFalse();
  }

  @Test
  void takesInByLibrary() {
    assertThat(expect(Set.of(), "libuv", null).takesIn(UV)).isTrue();
    assertThat(expect(Set.of(), "libu", null).takesIn(UV)).isFalse();
    assertThat(expect(Set.of(), "libuv", null).takesIn(CONNECT)).isFalse();
  }

  @Test
  void takesInByClassOrPackageInTheStack() {
    for (String opener : List.of("com", "com.example", "com.example.", "com.example.Shop")) {
      assertThat(expect(Set.of(), null, opener).takesIn(CONNECT)).as(opener).isTrue();
    }
    for (String opener :
        List.of("com.exam", "com.example.Sho", "com.example.Shop.conn", "Shop", "example")) {
      assertThat(expect(Set.of(), null, opener).takesIn(CONNECT)).as(opener).isFalse();
    }
    assertThat(expect(Set.of(), null, "com.example.Pool").takesIn(at("com.example.Pool$Slot.open")))
        .isTrue();
    assertThat(expect(Set.of(), null, "com.example").takesIn(at("app//com.example.Pool.open")))
        .isTrue();
    assertThat(expect(Set.of(), null, "com.example").takesIn(UV)).isFalse();
  }

  @Test
  void whatAnotherClassOpensOnFirstUseIsNotTheOpeners() {
    Expectation pool = expect(Set.of(), null, "com.example.Pool");
    assertThat(pool.takesIn(at("com.example.Pool.<clinit>"))).isTrue();
    for (String between :
        List.of(
            "java.base/sun.security.Random.<clinit>",
            "java.base/java.lang.ClassLoader.loadClass")) {
      List<String> stack = List.of(between + "(X.java:2)", "com.example.Pool.open(Pool.java:1)");
      GroupKey key = new GroupKey(Owner.JAVA, null, Kind.DEVICE, new Site(stack, List.of()));
      assertThat(pool.takesIn(key)).as(between).isFalse();
    }
  }

  @Test
  void whatIsTheJvmsIsNobodyElses() {
    for (Owner owner : Owner.values()) {
      GroupKey key = new GroupKey(owner, null, Kind.FILE, Site.UNKNOWN);
      assertThat(expect(Set.of(), null, null).takesIn(key))
          .as(owner.label())
          .isEqualTo(owner != Owner.JVM && owner != Owner.AGENT);
    }
    GroupKey inherited =
        new GroupKey(Owner.INHERITED, null, Kind.FILE, at("com.example.X.open").site());
    assertThat(expect(Set.of(), null, "com.example").takesIn(inherited)).isFalse();
  }

  private static GroupKey at(String frame) {
    return new GroupKey(
        Owner.JAVA, null, Kind.FILE, new Site(List.of(frame + "(X.java:1)"), List.of()));
  }

  private static Expectation expect(Set<Kind> kinds, String library, String opener) {
    return new Expectation("x", kinds, library, opener, 0);
  }
}
