package io.descry.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.ledger.Ledger;
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
import io.descry.owner.KnownOwner;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who owns a descriptor, by ledger, tracer, the libraries' own objects and snapshot. */
class ThreeBooksTest {
  private static final NativeObject UV =
      new NativeObject(1, "/usr/lib/libuv.so.1.0.0", "libuv.so.1", "ab", Role.LIBRARY);
  private static final NativeObject JVM =
      new NativeObject(2, "/usr/lib/jvm/java/lib/server/libjvm.so", "libjvm.so", null, Role.JDK);
  private static final NativeObject NIO =
      new NativeObject(3, "/usr/lib/jvm/java/lib/libnio.so", "libnio.so", null, Role.JDK);
  private static final NativeObject OURS =
      new NativeObject(4, "/tmp/descry/libjnidispatch.so", null, null, Role.DESCRY);
  private static final Library LIBUV = new Library("libuv", "1.44.2", UV.path());
  private static final NativeStack STACK =
      new NativeStack(
          List.of(new NativeFrame(UV, 0x1f2c0, "uv__socket", 0x2c)),
          List.of(new StackTraceElement("com.acme.Loop", "open", "Loop.java", 7)));
  private static final KnownOwner HANDLE =
      new KnownOwner(
          "netty-transport-native-epoll",
          "4.2.18.Final",
          "io.netty.channel.unix.FileDescriptor",
          List.of("com.acme.Server.start(Server.java:12)"),
          false,
          true,
          "event loop of thread epoll-1",
          System.nanoTime(),
          "main");

  private static int next = 700_000;

  private final int number = next++;
  private final Object owner = new Object();
  private final Map<Integer, NativeUse> uses = new HashMap<>();
  private final Map<Integer, KnownOwner> handles = new HashMap<>();
  private Reconciler reconciler;
  private long generation;

  @BeforeEach
  void start() {
    Ledger.configure(Ledger.Stacks.ALL, new ThreadGroup("descry-test"));
    Ledger.takeMissed();
    NativeBooks books =
        new NativeBooks(
            new RecordedTracer(uses, List.of()),
            use -> use.object() == UV ? LIBUV : null,
            new Handles());
    reconciler = new Reconciler(new Baseline(Map.of()), "/usr/lib/jvm/java", 4711, books);
  }

  @AfterEach
  void closeWhatIsOpen() {
    Ledger.closing(number);
  }

  @Test
  void whatALibraryOpenedIsItsWithTheJoinedStack() {
    opened(UV, "socket", 0);
    OwnedDescriptor owned = only(scan(of(Kind.SOCKET_TCP, 7)));
    assertThat(owned.group().owner()).isEqualTo(Owner.LIBRARY);
    assertThat(owned.group().library()).isEqualTo(LIBUV);
    assertThat(owned.group().site().natives()).containsExactly("libuv.so.1!uv__socket+0x2c");
    assertThat(owned.group().site().java()).containsExactly("com.acme.Loop.open(Loop.java:7)");
    assertThat(owned.openedExactly()).isTrue();
    assertThat(owned.call()).isEqualTo("socket");
    assertThat(owned.thread()).isEqualTo("uv-1");
  }

  @Test
  void javaWinsWhereItOpenedLater() {
    opened(UV, "open", 7);
    Ledger.opened(number, owner, OpenKind.PATH.ordinal());
    assertThat(only(scan(of(Kind.FILE, 7))).group().owner()).isEqualTo(Owner.JAVA);
  }

  @Test
  void whatTheJdkOpenedForJavaIsJavas() {
    Ledger.opened(number, owner, OpenKind.EVENTPOLL.ordinal());
    opened(NIO, "epoll_create1", 0);
    for (int i = 0; i < 3; i++) {
      Reconciliation scan = scan(of(Kind.EVENTPOLL, 7));
      assertThat(only(scan).group().owner()).isEqualTo(Owner.JAVA);
      assertThat(scan.discrepancies()).isEmpty();
    }
  }

  @Test
  void aLibraryThatGetsANumberWhichJavaStillHasIsAHazardThatNamesIt() {
    Ledger.opened(number, owner, OpenKind.EVENTPOLL.ordinal());
    assertThat(only(scan(of(Kind.EVENTPOLL, 7))).group().owner()).isEqualTo(Owner.JAVA);
    // The same kind and, as all anonymous inodes are one, the same identity.
    opened(UV, "epoll_create1", 0);
    assertThat(scan(of(Kind.EVENTPOLL, 7)).discrepancies()).isEmpty();
    Reconciliation second = scan(of(Kind.EVENTPOLL, 7));
    assertThat(only(second).group().owner()).isEqualTo(Owner.LIBRARY);
    assertThat(second.discrepancies()).hasSize(1);
    assertThat(second.discrepancies().get(0).act())
        .isEqualTo(new NativeAct("epoll_create1", UV, false));
  }

  @Test
  void whoClosedBehindJavasBackIsNamed() {
    opened(NIO, "open64", 7);
    Ledger.opened(number, owner, OpenKind.PATH.ordinal());
    scan(of(Kind.FILE, 7));
    closed(UV);
    assertThat(scan().discrepancies()).isEmpty();
    assertThat(scan().discrepancies().get(0).act()).isEqualTo(new NativeAct("close", UV, true));
  }

  @Test
  void whoHadTheNumberForAWhileAfterwardsDidNotCloseIt() {
    opened(NIO, "open64", 7);
    Ledger.opened(number, owner, OpenKind.PATH.ordinal());
    scan(of(Kind.FILE, 7));
    opened(JVM, "fopen", 8);
    closed(JVM);
    assertThat(scan().discrepancies()).isEmpty();
    assertThat(scan().discrepancies().get(0).act()).isEqualTo(new NativeAct("fopen", JVM, false));
  }

  @Test
  void aPassingConnectionOfTheAttachListenerIsNotWhatTheNumberHasBecome() {
    opened(NIO, "open64", 7);
    Ledger.opened(number, owner, OpenKind.PATH.ordinal());
    scan(of(Kind.FILE, 7));
    closed(UV);
    opened(JVM, "accept", 8);
    scan(of(Kind.SOCKET_UNIX, 8));
    assertThat(scan(of(Kind.SOCKET_UNIX, 8)).discrepancies()).isEmpty();
    opened(JVM, "open", 9);
    scan(of(Kind.FILE, 9));
    assertThat(scan(of(Kind.FILE, 9)).discrepancies()).hasSize(1);
  }

  @Test
  void theAttachListenersConnectionIsNoNewUser() {
    opened(NIO, "open64", 7);
    Ledger.opened(number, owner, OpenKind.PATH.ordinal());
    scan(of(Kind.FILE, 7));
    opened(JVM, "accept", 8);
    for (int i = 0; i < 3; i++) {
      assertThat(scan(of(Kind.SOCKET_UNIX, 8)).discrepancies()).isEmpty();
    }
    closed(JVM);
    scan();
    assertThat(scan().discrepancies()).singleElement().extracting(Discrepancy::now).isNull();
  }

  @Test
  void whatAnotherThanTheTracerSawIsForeign() {
    opened(UV, "open", 7);
    assertThat(only(scan(of(Kind.FILE, 8))).group().owner()).as("inode").isEqualTo(Owner.FOREIGN);
    opened(UV, "epoll_create1", 0);
    assertThat(only(scan(of(Kind.TIMERFD, 9))).group().owner()).as("kind").isEqualTo(Owner.FOREIGN);
    opened(UV, "open", 7);
    closed(UV);
    assertThat(only(scan(of(Kind.FILE, 7))).group().owner()).as("closed").isEqualTo(Owner.FOREIGN);
  }

  @Test
  void whatTheJvmItselfOpenedIsTheJvmsAndWhatTheLedgerMissedIsNot() {
    opened(JVM, "open", 7);
    assertThat(only(scan(of(Kind.FILE, 7))).group().owner()).isEqualTo(Owner.JVM);
    opened(NIO, "open", 7);
    assertThat(only(scan(of(Kind.FILE, 7))).group().owner()).isEqualTo(Owner.FOREIGN);
  }

  @Test
  void whatDescrysOwnNativeCodeOpenedIsNotAmongTheGroups() {
    opened(OURS, "open", 7);
    assertThat(scan(of(Kind.FILE, 7)).groups()).isEmpty();
  }

  @Test
  void aCollectedObjectThatClosedAloneLeavesItUnreachable() {
    handles.put(number, collected(true));
    assertThat(only(scan(of(Kind.EVENTPOLL, 7))).ownerUnreachable()).isTrue();
    handles.put(number, collected(false));
    assertThat(only(scan(of(Kind.EVENTPOLL, 7))).ownerUnreachable()).isFalse();
    handles.put(number, HANDLE);
    assertThat(only(scan(of(Kind.EVENTPOLL, 7))).ownerUnreachable()).isFalse();
  }

  @Test
  void aCollectedObjectSaysNothingOfWhatALibraryOpenedSince() {
    handles.put(number, collected(true));
    opened(UV, "epoll_create1", 0);
    assertThat(only(scan(of(Kind.EVENTPOLL, 7))).ownerUnreachable()).isFalse();
    handles.put(number, collected(true));
    assertThat(only(scan(of(Kind.EVENTPOLL, 7))).ownerUnreachable()).isTrue();
  }

  private static KnownOwner collected(boolean closesAlone) {
    return new KnownOwner(
        HANDLE.library(),
        HANDLE.version(),
        HANDLE.className(),
        HANDLE.java(),
        true,
        closesAlone,
        null,
        System.nanoTime(),
        "main");
  }

  @Test
  void aLibrarysJavaObjectNamesItWhereTheTracerSawNothing() {
    handles.put(number, HANDLE);
    OwnedDescriptor owned = only(scan(of(Kind.SOCKET_TCP, 7)));
    assertThat(owned.group().library())
        .isEqualTo(new Library(HANDLE.library(), HANDLE.version(), null));
    assertThat(owned.group().site().java()).isEqualTo(HANDLE.java());
    assertThat(owned.meaning()).isEqualTo(HANDLE.meaning());
  }

  @Test
  void aLibrarysJavaObjectAddsWhatTheTracerCannotKnow() {
    handles.put(number, HANDLE);
    uses.put(number, use(UV, "epoll_create1", 0, NativeStack.NONE));
    OwnedDescriptor owned = only(scan(of(Kind.EVENTPOLL, 7)));
    assertThat(owned.group().library()).isEqualTo(LIBUV);
    assertThat(owned.group().site().java()).isEqualTo(HANDLE.java());
    assertThat(owned.meaning()).isEqualTo(HANDLE.meaning());
  }

  @Test
  void aDuplicateBelongsToWhoMadeItWhateverItLeadsTo() {
    int other = next++;
    Ledger.opened(number, owner, OpenKind.PATH.ordinal());
    uses.put(other, use(UV, "dup", 7, STACK));
    Reconciliation scan =
        scan(of(Kind.FILE, 7), new Descriptor(other, Kind.FILE, "/x", 1, 7, 0, 0, null, null));
    assertThat(scan.groups())
        .extracting(group -> group.key().owner())
        .containsExactly(Owner.JAVA, Owner.LIBRARY);
  }

  @Test
  void whatWasReceivedBelongsToTheReceiverWhateverItIs() {
    for (Kind kind : List.of(Kind.FILE, Kind.SOCKET_TCP, Kind.EVENTFD)) {
      opened(UV, "recvmsg", 7);
      assertThat(only(scan(of(kind, 7))).group().library()).isEqualTo(LIBUV);
    }
  }

  @Test
  void whatALibrarysObjectAdoptsStaysTheLibrarysUntilItCloses() {
    opened(UV, "accept4", 7);
    handles.put(number, HANDLE);
    OwnedDescriptor adopted = only(scan(of(Kind.SOCKET_TCP, 7)));
    assertThat(adopted.group().library()).isEqualTo(LIBUV);
    assertThat(adopted.meaning()).isEqualTo(HANDLE.meaning());
    closed(UV);
    handles.clear();
    Reconciliation after = scan();
    assertThat(after.groups()).isEmpty();
    assertThat(after.discrepancies()).isEmpty();
  }

  @Test
  void aNewUseOfANumberIsSeenForTheFirstTime() {
    opened(UV, "epoll_create1", 0);
    scan(of(Kind.EVENTPOLL, 7));
    assertThat(only(scan(of(Kind.EVENTPOLL, 7))).scans()).isEqualTo(2);
    opened(UV, "epoll_create1", 0);
    assertThat(only(scan(of(Kind.EVENTPOLL, 7))).scans()).isEqualTo(1);
  }

  private void opened(NativeObject object, String call, long inode) {
    uses.put(number, use(object, call, inode, STACK));
  }

  private void closed(NativeObject by) {
    NativeUse open = uses.get(number);
    NativeClose close = new NativeClose("close", by, System.nanoTime(), 12);
    uses.put(
        number,
        new NativeUse(
            open.generation(),
            open.call(),
            open.object(),
            open.openedNanos(),
            open.tid(),
            open.thread(),
            open.device(),
            open.inode(),
            open.source(),
            open.stack(),
            close,
            false));
  }

  private NativeUse use(NativeObject object, String call, long inode, NativeStack stack) {
    return new NativeUse(
        ++generation,
        call,
        object,
        System.nanoTime(),
        12,
        "uv-1",
        inode == 0 ? 0 : 1,
        inode,
        -1,
        stack,
        null,
        false);
  }

  private Reconciliation scan(Descriptor... descriptors) {
    Reconciliation all =
        reconciler.reconcile(
            new DescriptorSnapshot(Instant.now(), List.of(descriptors), 0),
            System.nanoTime(),
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

  private Descriptor of(Kind kind, long inode) {
    return new Descriptor(number, kind, "target", 1, inode, 0, 0, null, null);
  }

  /** Objects that a test speaks of. */
  private final class Handles implements HandleBook {
    @Override
    public void refresh() {
      // The objects are the test's.
    }

    @Override
    public KnownOwner of(Descriptor descriptor) {
      return handles.get(descriptor.number());
    }
  }
}
