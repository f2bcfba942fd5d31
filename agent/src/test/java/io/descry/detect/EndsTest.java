package io.descry.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Kind;
import io.descry.os.ThreadWaits;
import io.descry.reconcile.EndedUse;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Library;
import io.descry.reconcile.OwnedDescriptor;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Reconciliation;
import io.descry.reconcile.Site;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndsTest {
  private static final GroupKey FILE = World.file("read");

  private final World world = new World();
  private final Ends ends = new Ends();
  private long tick;

  @Test
  void whatNoScanHasSeenIsKnownByItsSiteWhateverItsKind() {
    world.openBriefly(FILE, 30);
    see(world.reconcile());
    for (Kind kind : List.of(Kind.FILE, Kind.DIRECTORY, Kind.DEVICE)) {
      GroupKey key = World.java(kind, "read");
      assertThat(ends.of(key).lifetimes().total()).as(kind.label()).isEqualTo(30);
      assertThat(ends.of(key).lifetimes().allButOneIn(100)).isLessThan(Duration.ofMillis(25));
    }
    assertThat(ends.of(World.file("write"))).isSameAs(Ends.Seen.NOTHING);
  }

  @Test
  void whatAScanHasSeenAndTheBooksTellOfTooCountsOnce() {
    World.Open open = world.open(FILE, 1);
    Reconciliation first = world.reconcile();
    see(first);
    OwnedDescriptor owned = first.groups().get(0).descriptors().get(0);
    Reconciliation second = world.reconcile();
    EndedUse told =
        new EndedUse(
            open.number,
            Owner.JAVA,
            null,
            FILE.site(),
            owned.opened(),
            Duration.ofSeconds(1),
            null);
    see(
        new Reconciliation(
            second.scan(),
            second.at(),
            second.limits(),
            second.groups(),
            second.discrepancies(),
            second.collected(),
            second.errors(),
            second.collections(),
            List.of(told)));
    assertThat(ends.of(FILE).lifetimes().total()).isEqualTo(1);
  }

  @Test
  void whatOnlyScansHaveSeenLivedUntilTheNextScanAtMost() {
    world.open(FILE, 3);
    for (int i = 0; i < 4; i++) {
      see(world.reconcile());
    }
    assertThat(ends.of(FILE).lifetimes().total()).isEqualTo(1);
    assertThat(ends.of(FILE).lifetimes().allButOneIn(2))
        .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(4));
  }

  @Test
  void kindsWithoutASiteAreKeptApart() {
    world.open(World.foreign(Kind.EVENTFD), 1);
    see(world.reconcile());
    see(world.reconcile());
    assertThat(ends.of(World.foreign(Kind.EVENTFD)).lifetimes().total()).isEqualTo(1);
    assertThat(ends.of(World.foreign(Kind.EVENTPOLL)).lifetimes().total()).isZero();
  }

  @Test
  void noCloseSeenMeansLittleWhereTheBooksAreSilent() {
    Library library = new Library("libuv", null, "/usr/lib/libuv.so.1");
    List<String> natives = List.of("libuv.so.1!uv_fs_open+0x36");
    Site joined = new Site(List.of("com.example.Loop.open(Loop.java:7)"), natives);
    GroupKey key = new GroupKey(Owner.LIBRARY, library, Kind.FILE, joined);
    assertThat(ends.tells(FILE)).isTrue();
    assertThat(ends.tells(key)).isTrue();
    assertThat(ends.tells(World.foreign(Kind.FILE))).isFalse();
    assertThat(
            ends.tells(
                new GroupKey(
                    Owner.LIBRARY, library, Kind.FILE, new Site(joined.java(), List.of()))))
        .isFalse();
    world.openBriefly(
        new GroupKey(Owner.LIBRARY, library, Kind.FILE, new Site(List.of(), natives)), 1);
    see(world.reconcile());
    assertThat(ends.tells(key)).as("its Java frames may be those of an object").isFalse();
  }

  private void see(Reconciliation facts) {
    ends.see(Scan.of(++tick, facts, ThreadWaits.unknown(facts.at()), new Uses()));
  }
}
