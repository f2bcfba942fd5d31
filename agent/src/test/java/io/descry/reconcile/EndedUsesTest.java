package io.descry.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.ledger.Ledger;
import io.descry.ledger.LedgerEntry;
import io.descry.ledger.OpenKind;
import io.descry.os.Descriptor;
import io.descry.os.DescriptorSnapshot;
import io.descry.os.Kind;
import io.descry.os.Limits;
import io.descry.os.tracer.NativeClose;
import io.descry.os.tracer.NativeFrame;
import io.descry.os.tracer.NativeObject;
import io.descry.os.tracer.NativeObject.Role;
import io.descry.os.tracer.NativeStack;
import io.descry.os.tracer.NativeUse;
import io.descry.owner.KnownOwners;
import io.descry.owner.OwnerModules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is known of uses that have ended, whether or not a scan saw them. */
class EndedUsesTest {
  private static final NativeObject UV =
      new NativeObject(1, "/usr/lib/libuv.so.1.0.0", "libuv.so.1", "ab", Role.LIBRARY);
  private static final NativeObject FOO =
      new NativeObject(2, "/usr/lib/libfoo.so", "libfoo.so", null, Role.LIBRARY);
  private static final NativeObject NIO =
      new NativeObject(3, "/usr/lib/jvm/java/lib/libnio.so", "libnio.so", null, Role.JDK);
  private static final Library LIBUV = new Library("libuv", "1.44.2", UV.path());
  private static final NativeStack STACK =
      new NativeStack(
          List.of(new NativeFrame(UV, 0x1f2c0, "uv_fs_open", 0x2c)),
          List.of(new StackTraceElement("com.acme.Loop", "open", "Loop.java", 7)));

  private static int next = 800_000;

  private final int number = next;
  private final Object owner = new Object();
  private final Map<Integer, NativeUse> uses = new HashMap<>();
  private final List<Integer> opened = new ArrayList<>();
  private Reconciler reconciler;
  private long generation;

  @BeforeEach
  void start() {
    next += 2_000;
    Ledger.configure(Ledger.Stacks.ALL, new ThreadGroup("descry-test"));
    Ledger.takeMissed();
    NativeBooks books =
        new NativeBooks(
            new RecordedTracer(uses, List.of()),
            use -> use.object() == UV ? LIBUV : null,
            HandleBook.of(new KnownOwners(OwnerModules.of(List.of()))));
    reconciler = new Reconciler(new Baseline(Map.of()), "/usr/lib/jvm/java", 4711, books);
    scan(of(number, Kind.FILE));
  }

  @AfterEach
  void closeWhatIsOpen() {
    opened.forEach(Ledger::closing);
  }

  @Test
  void whatJavaOpensAndClosesBetweenTwoScansIsToldOnceWithTheSiteOfWhatStaysOpen() {
    for (OpenKind kind : List.of(OpenKind.PATH, OpenKind.SOCKET_TCP)) {
      for (int i = 0; i < 2; i++) {
        open(number + i, kind);
      }
      Ledger.closing(number);
      Kind seen = kind == OpenKind.PATH ? Kind.DIRECTORY : Kind.SOCKET_TCP;
      Reconciliation scan = scan(of(number + 1, seen));
      EndedUse use = only(scan);
      GroupKey group = scan.groups().get(0).key();
      assertThat(use.number()).isEqualTo(number);
      assertThat(use.owner()).isEqualTo(group.owner()).isEqualTo(Owner.JAVA);
      assertThat(use.library()).isEqualTo(group.library()).isNull();
      assertThat(use.site()).isSameAs(group.site());
      assertThat(use.lived()).isPositive();
      assertThat(use.closer()).isNull();
      assertThat(ended(scan(of(number + 1, seen)))).as("told once").isEmpty();
      Ledger.closing(number + 1);
      scan();
    }
  }

  @Test
  void whatAScanHasSeenIsToldWithTheTimeThatTheScanSaid() {
    open(number, OpenKind.PATH);
    OwnedDescriptor owned = scan(of(number, Kind.FILE)).groups().get(0).descriptors().get(0);
    Ledger.closing(number);
    EndedUse use = only(scan());
    assertThat(use.opened()).isEqualTo(owned.opened());
    assertThat(use.site()).isSameAs(owned.group().site());
  }

  @Test
  void aLifeIsAsLongAsItCanHaveBeenAndNoLonger() {
    long before = System.nanoTime();
    open(number, OpenKind.PATH);
    Ledger.closing(number);
    long atLeast = System.nanoTime();
    long opened = Ledger.entry(number).openedNanos();
    EndedUse use = only(scan());
    assertThat(use.lived().toNanos()).isBetween(atLeast - opened, System.nanoTime() - before);
  }

  @Test
  void stacksPinNothingBeyondTheNextScanHoweverManyThereAre() {
    for (int i = 0; i < 3 * EndedUses.STACKS; i++) {
      open(number + i, OpenKind.PATH);
      Ledger.closing(number + i);
    }
    List<EndedUse> told = ended(scan());
    assertThat(told).hasSizeBetween(EndedUses.STACKS / 2, EndedUses.STACKS);
    for (int i = 0; i < 3 * EndedUses.STACKS; i++) {
      assertThat(Ledger.entry(number + i).site() instanceof Throwable).isFalse();
    }
    assertThat(ended(scan())).isEmpty();
  }

  @Test
  void whatHasNoStackHasNoSiteAndIsNotTold() {
    Ledger.configure(Ledger.Stacks.NONE, new ThreadGroup("descry-test"));
    open(number, OpenKind.PATH);
    Ledger.closing(number);
    assertThat(ended(scan())).isEmpty();
  }

  @Test
  void whatTheCollectorClosesSaysNothingOfOrdinaryLives() throws InterruptedException {
    open(number, OpenKind.PATH);
    Thread cleaner = new Thread(() -> Ledger.closing(number), "Common-Cleaner");
    cleaner.start();
    cleaner.join();
    Reconciliation scan = scan();
    assertThat(ended(scan)).isEmpty();
    assertThat(scan.collected()).isNotEmpty();
  }

  @Test
  void whatALibraryOpensAndClosesIsToldOnceWithItsExactLifeAndTheSiteOfWhatStaysOpen() {
    uses.put(number, use(UV, null, 0));
    uses.put(number + 1, use(UV, UV, 5_000_000));
    Reconciliation scan = scan(of(number, Kind.FILE));
    EndedUse use = only(scan);
    GroupKey group = scan.groups().get(0).key();
    assertThat(use.number()).isEqualTo(number + 1);
    assertThat(use.owner()).isEqualTo(group.owner()).isEqualTo(Owner.LIBRARY);
    assertThat(use.library()).isEqualTo(group.library());
    assertThat(use.site()).isSameAs(group.site());
    assertThat(use.lived()).isEqualTo(Duration.ofMillis(5));
    assertThat(use.closer()).isNull();
    assertThat(ended(scan(of(number, Kind.FILE)))).as("told once").isEmpty();
    uses.put(number + 1, use(UV, UV, 7_000_000));
    assertThat(only(scan(of(number, Kind.FILE))).lived()).isEqualTo(Duration.ofMillis(7));
  }

  @Test
  void whoElseClosedIsNamed() {
    uses.put(number, use(UV, null, 0));
    uses.put(number + 1, use(UV, FOO, 5_000_000));
    assertThat(only(scan(of(number, Kind.FILE))).closer()).isEqualTo("libfoo.so");
  }

  @Test
  void whatNativeCodeClosesOfJavasHasEndedThoughJavaHasItOpen() {
    open(number, OpenKind.PATH);
    LedgerEntry entry = Ledger.entry(number);
    uses.put(number, use(NIO, FOO, entry.openedNanos() - 1_000, 3_000_000));
    EndedUse use = only(scan());
    assertThat(use.owner()).isEqualTo(Owner.JAVA);
    assertThat(use.closer()).isEqualTo("libfoo.so");
    Ledger.closing(number);
    assertThat(ended(scan())).as("told once").isEmpty();
  }

  @Test
  void whatTheJdkOpensForJavaIsNoLibrarys() {
    uses.put(number + 1, use(NIO, NIO, 5_000_000));
    assertThat(ended(scan(of(number, Kind.FILE)))).isEmpty();
  }

  private void open(int which, OpenKind kind) {
    opened.add(which);
    Ledger.opened(which, owner, kind.ordinal());
  }

  private NativeUse use(NativeObject opener, NativeObject closer, long lived) {
    return use(opener, closer, System.nanoTime(), lived);
  }

  private NativeUse use(NativeObject opener, NativeObject closer, long opened, long lived) {
    return new NativeUse(
        ++generation,
        "open",
        opener,
        opened,
        12,
        "uv-1",
        0,
        0,
        -1,
        opener == NIO ? NativeStack.NONE : STACK,
        closer == null ? null : new NativeClose("close", closer, opened + lived, 12),
        false);
  }

  private Reconciliation scan(Descriptor... descriptors) {
    reconciler.begin();
    return reconciler.reconcile(
        new DescriptorSnapshot(Instant.now(), List.of(descriptors), 0),
        System.nanoTime(),
        new Limits(1024, 4096),
        GarbageCollections.NONE);
  }

  private static Descriptor of(int which, Kind kind) {
    return new Descriptor(which, kind, "target", 1, 7, 0, 0, null, null);
  }

  private EndedUse only(Reconciliation scan) {
    List<EndedUse> mine = ended(scan);
    assertThat(mine).hasSize(1);
    return mine.get(0);
  }

  /** Other tests of this JVM use other numbers. */
  private List<EndedUse> ended(Reconciliation scan) {
    return scan.ended().stream()
        .filter(use -> use.number() >= number && use.number() < number + 2_000)
        .toList();
  }
}
