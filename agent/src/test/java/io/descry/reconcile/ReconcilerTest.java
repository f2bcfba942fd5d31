package io.descry.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.ledger.Ledger;
import io.descry.ledger.OpenKind;
import io.descry.os.Descriptor;
import io.descry.os.DescriptorSnapshot;
import io.descry.os.Kind;
import io.descry.os.Limits;
import io.descry.os.Socket;
import io.descry.os.tracer.Tracer;
import io.descry.owner.KnownOwners;
import io.descry.owner.OwnerModules;
import java.lang.reflect.Method;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The ledger of this JVM against snapshots that are made up. */
class ReconcilerTest {
  private static final long PID = 4711;
  private static final NativeBooks NATIVES =
      new NativeBooks(
          Tracer.OFF, use -> null, HandleBook.of(new KnownOwners(OwnerModules.of(List.of()))));

  private static int next = 600_000;

  private final int number = next++;
  private final Object owner = new Object();
  private Reconciler reconciler;

  @BeforeEach
  void start() {
    Ledger.configure(Ledger.Stacks.ALL, new ThreadGroup("descry-test"));
    Ledger.takeMissed();
    reconciler = new Reconciler(new Baseline(Map.of()), "/usr/lib/jvm/java", PID, NATIVES);
  }

  @AfterEach
  void closeWhatIsOpen() {
    Ledger.closing(number);
  }

  @Test
  void whatJavaOpenedIsJavasWithItsSite() {
    open(OpenKind.PATH);
    OwnedDescriptor owned = only(scan(file(7)));
    assertThat(owned.group().owner()).isEqualTo(Owner.JAVA);
    assertThat(owned.group().site().java())
        .anyMatch(frame -> frame.contains("ReconcilerTest.open("))
        .noneMatch(frame -> frame.contains("io.descry.ledger."));
    assertThat(owned.openedExactly()).isTrue();
    assertThat(owned.thread()).isEqualTo(Thread.currentThread().getName());
    assertThat(Ledger.entry(number).site()).as("text now").isInstanceOf(Site.class);
  }

  @Test
  void equalStacksAreOneSite() {
    List<Site> sites = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      open(OpenKind.PATH);
      sites.add(only(scan(file(7 + i))).group().site());
      Ledger.closing(number);
    }
    assertThat(sites.get(1)).isSameAs(sites.get(0));
  }

  @Test
  void whatIsOpenedByReflectionIsOneSiteHoweverOftenItIs() throws Exception {
    Method open = ReconcilerTest.class.getDeclaredMethod("open", OpenKind.class);
    Set<Site> sites = new HashSet<>();
    for (int i = 0; i < 40; i++) {
      open.invoke(this, OpenKind.PATH);
      sites.add(only(scan(file(7 + i))).group().site());
      Ledger.closing(number);
    }
    assertThat(sites).hasSize(1);
  }

  @Test
  void whatNobodyOpenedIsForeign() {
    assertThat(only(scan(of(Kind.EVENTPOLL, 12, "anon_inode:[eventpoll]"))).group().owner())
        .isEqualTo(Owner.FOREIGN);
  }

  @Test
  void whatWasThereBeforeIsInheritedForAsLongAsItIsTheSame() {
    reconciler =
        new Reconciler(new Baseline(Map.of(number, "/tmp/x")), "/usr/lib/jvm/java", PID, NATIVES);
    assertThat(only(scan(of(Kind.FILE, 7, "/tmp/x"))).group().owner()).isEqualTo(Owner.INHERITED);
    assertThat(only(scan(of(Kind.FILE, 7, "/tmp/x (deleted)"))).group().owner())
        .isEqualTo(Owner.INHERITED);
    assertThat(only(scan(of(Kind.FILE, 8, "/tmp/x"))).group().owner()).isEqualTo(Owner.FOREIGN);
  }

  @Test
  void theJvmsOwnFilesAreTheJvms() {
    assertThat(only(scan(of(Kind.FILE, 3, "/usr/lib/jvm/java/lib/modules"))).group().owner())
        .isEqualTo(Owner.JVM);
    assertThat(
            only(scan(of(Kind.FILE, 4, "/tmp/2026_11_23_10_11_12_4711/2026_11_23_10_11_13.jfr")))
                .group()
                .owner())
        .isEqualTo(Owner.JVM);
    assertThat(only(scan(unix("/tmp/.java_pid4711"))).group().owner()).isEqualTo(Owner.JVM);
  }

  @Test
  void whatDescrysThreadsOpenedIsNotAmongTheGroupsUntilTheNumberIsAnothers() throws Exception {
    ThreadGroup own = new ThreadGroup("descry-own");
    Ledger.configure(Ledger.Stacks.ALL, own);
    Thread thread = new Thread(own, () -> open(OpenKind.SOCKET_TCP));
    thread.start();
    thread.join();
    assertThat(scan(of(Kind.SOCKET_TCP, 7, "socket:[7]")).groups()).isEmpty();
    Ledger.closing(number);
    assertThat(only(scan(of(Kind.TIMERFD, 12, "anon_inode:[timerfd]"))).group().owner())
        .isEqualTo(Owner.FOREIGN);
  }

  @Test
  void aNumberThatVanishedUnderALiveEntryIsBelievedAtTheSecondScan() {
    open(OpenKind.PATH);
    assertThat(scan(file(7)).discrepancies()).isEmpty();
    assertThat(scan().discrepancies()).isEmpty();
    Discrepancy found = scan().discrepancies().get(0);
    assertThat(found.number()).isEqualTo(number);
    assertThat(found.now()).isNull();
    assertThat(found.before().inode()).isEqualTo(7);
    assertThat(found.site().java()).isNotEmpty();
  }

  @Test
  void aNumberThatBecameAnotherIsBelievedAtTheSecondScan() {
    open(OpenKind.PATH);
    scan(file(7));
    Reconciliation once = scan(file(8));
    assertThat(once.discrepancies()).isEmpty();
    assertThat(only(once).group().owner()).isEqualTo(Owner.FOREIGN);
    Discrepancy found = scan(file(8)).discrepancies().get(0);
    assertThat(found.before().inode()).isEqualTo(7);
    assertThat(found.now().inode()).isEqualTo(8);
  }

  @Test
  void aKindThatTheDoorCannotOpenIsADiscrepancyFromTheStart() {
    open(OpenKind.PATH);
    assertThat(scan(of(Kind.EVENTPOLL, 12, "anon_inode:[eventpoll]")).discrepancies()).isEmpty();
    assertThat(scan(of(Kind.EVENTPOLL, 12, "anon_inode:[eventpoll]")).discrepancies()).hasSize(1);
  }

  @Test
  void anotherOpenBetweenTheScansIsNoDiscrepancy() {
    open(OpenKind.PATH);
    scan(file(7));
    scan();
    Ledger.closing(number);
    open(OpenKind.PATH);
    Reconciliation now = scan(file(9));
    assertThat(now.discrepancies()).isEmpty();
    assertThat(only(now).group().owner()).isEqualTo(Owner.JAVA);
    assertThat(only(now).scans()).isEqualTo(1);
  }

  @Test
  void whatTheJdkReplacedIsStillItsOwners() {
    open(OpenKind.SOCKET_TCP);
    scan(of(Kind.SOCKET_TCP, 7, "socket:[7]"));
    Ledger.replaced(number);
    scan(of(Kind.SOCKET_UNIX, 8, "socket:[8]"));
    Reconciliation now = scan(of(Kind.SOCKET_UNIX, 8, "socket:[8]"));
    assertThat(now.discrepancies()).isEmpty();
    assertThat(only(now).group().owner()).isEqualTo(Owner.JAVA);
  }

  @Test
  void aSocketWhoseCloseLingersIsStillItsOwners() {
    open(OpenKind.SOCKET_TCP);
    scan(of(Kind.SOCKET_TCP, 7, "socket:[7]"));
    Ledger.closing(number);
    assertThat(only(scan(of(Kind.SOCKET_TCP, 7, "socket:[7]"))).group().owner())
        .isEqualTo(Owner.JAVA);
    assertThat(only(scan(of(Kind.SOCKET_TCP, 9, "socket:[9]"))).group().owner())
        .isEqualTo(Owner.FOREIGN);
  }

  @Test
  void whatWasOpenedDuringTheScanIsNotTakenForWhatTheScanSaw() {
    long begun = System.nanoTime();
    open(OpenKind.PATH);
    Reconciliation during = scan(begun, of(Kind.PIPE, 7, "pipe:[7]"));
    assertThat(only(during).group().owner()).isEqualTo(Owner.JAVA);
    assertThat(scan(file(8)).discrepancies()).isEmpty();
    assertThat(scan(file(8)).discrepancies()).isEmpty();
    assertThat(scan(file(9)).discrepancies()).isEmpty();
    assertThat(scan(file(9)).discrepancies()).as("bound to 8 since").hasSize(1);
  }

  @Test
  void whatIsClosedWhileTheScanLooksIsItsOwnersInThatScan() {
    open(OpenKind.PATH);
    scan(file(7));
    reconciler.begin();
    long begun = System.nanoTime();
    Ledger.closing(number);
    OwnedDescriptor during = only(scan(begun, file(7)));
    assertThat(during.group().owner()).isEqualTo(Owner.JAVA);
    assertThat(during.scans()).isEqualTo(2);
    reconciler.begin();
    assertThat(only(scan(file(8))).group().owner()).as("another").isEqualTo(Owner.FOREIGN);
  }

  @Test
  void whatIsOpenedAndClosedWhileTheScanLooksIsItsOwnersInThatScan() {
    reconciler.begin();
    long begun = System.nanoTime();
    open(OpenKind.PATH);
    Ledger.closing(number);
    Reconciliation during = scan(begun, file(7));
    assertThat(only(during).group().owner()).isEqualTo(Owner.JAVA);
    assertThat(reconciler.openedSince(begun, during)).as("open still").isEmpty();
  }

  @Test
  void whatDescryClosesWhileTheScanLooksIsDescrys() throws Exception {
    ThreadGroup own = new ThreadGroup("descry-own");
    Ledger.configure(Ledger.Stacks.ALL, own);
    Thread thread = new Thread(own, () -> open(OpenKind.SOCKET_TCP));
    thread.start();
    thread.join();
    reconciler.begin();
    long begun = System.nanoTime();
    Ledger.closing(number);
    assertThat(scan(begun, of(Kind.SOCKET_TCP, 7, "socket:[7]")).groups()).isEmpty();
  }

  @Test
  void whatTheLedgerMayHaveMissedTheCloseOfIsNotAccused() {
    open(OpenKind.PATH);
    scan(file(7));
    assertThat(reconciler.doubted()).isNull();
    Ledger.missed = true;
    scan();
    assertThat(scan().discrepancies()).isEmpty();
    assertThat(reconciler.doubted()).isNotNull();
    Ledger.closing(number);
    open(OpenKind.PATH);
    scan(file(8));
    scan();
    assertThat(scan().discrepancies()).as("opened since, so the ledger knows").hasSize(1);
  }

  @Test
  void scansInARowAreCountedWhileNothingChanges() {
    open(OpenKind.PATH);
    assertThat(only(scan(file(7))).scans()).isEqualTo(1);
    assertThat(only(scan(file(7))).scans()).isEqualTo(2);
    Ledger.closing(number);
    open(OpenKind.PATH);
    assertThat(only(scan(file(7))).scans()).isEqualTo(1);
  }

  @Test
  void anOwnerThatIsGoneShows() throws InterruptedException {
    Ledger.opened(number, new Object(), OpenKind.SOCKET_TCP.ordinal());
    boolean gone = false;
    for (int i = 0; i < 100 && !gone; i++) {
      System.gc();
      Thread.sleep(10);
      gone = only(scan(of(Kind.SOCKET_TCP, 7, "socket:[7]"))).ownerUnreachable();
    }
    assertThat(gone).isTrue();
  }

  private void open(OpenKind kind) {
    Ledger.opened(number, owner, kind.ordinal());
  }

  /** Numbers of other tests in this JVM have no business here. */
  private Reconciliation scan(Descriptor... descriptors) {
    return scan(System.nanoTime(), descriptors);
  }

  private Reconciliation scan(long begun, Descriptor... descriptors) {
    Reconciliation all =
        reconciler.reconcile(
            new DescriptorSnapshot(Instant.now(), List.of(descriptors), 0),
            begun,
            new Limits(1024, 4096),
            GarbageCollections.NONE);
    return new Reconciliation(
        all.scan(),
        all.at(),
        all.limits(),
        all.groups(),
        all.discrepancies().stream().filter(found -> found.number() == number).toList(),
        all.collected(),
        all.errors(),
        all.collections());
  }

  private static OwnedDescriptor only(Reconciliation reconciliation) {
    assertThat(reconciliation.groups()).hasSize(1);
    assertThat(reconciliation.groups().get(0).descriptors()).hasSize(1);
    return reconciliation.groups().get(0).descriptors().get(0);
  }

  private Descriptor file(long inode) {
    return of(Kind.FILE, inode, "/tmp/" + inode);
  }

  private Descriptor of(Kind kind, long inode, String target) {
    return new Descriptor(number, kind, target, 1, inode, 0, 0, null, null);
  }

  private Descriptor unix(String local) {
    Socket socket = new Socket("unix", local, "", "", 0, 0, -1);
    return new Descriptor(number, Kind.SOCKET_UNIX, "socket:[5]", 1, 5, 0, -1, socket, null);
  }
}
