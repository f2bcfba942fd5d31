package io.descry.os.tracer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.descry.os.Blind;
import io.descry.os.tracer.NativeObject.Role;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class NativeTracerTest {
  private final RegionBytes region = new RegionBytes();
  private final FakeCalls calls = new FakeCalls();
  private final int library = region.object(0x1000, 0x2000, 10, 0, "libuv.so.1", "/tmp/x.tmp");

  private NativeTracer tracer() {
    return new NativeTracer(region.region(), calls);
  }

  @Test
  void whatIsWrittenOfAnOpenIsRead() {
    region.stack(3, false, 500, 0x1010);
    region.publish(3);
    region.open(7, 42, 1, library, 3, 0);
    NativeTracer tracer = tracer();
    tracer.refresh();
    NativeObject object =
        new NativeObject(library, "/tmp/x.tmp", "libuv.so.1", "ab0c", Role.LIBRARY);
    assertThat(tracer.use(7))
        .isEqualTo(
            new NativeUse(
                42,
                "socket",
                object,
                1_042,
                77,
                "worker-16-bytes!",
                8,
                9,
                -1,
                new NativeStack(List.of(new NativeFrame(object, 0x10, null, 0)), List.of()),
                null,
                false));
    assertThat(tracer.use(7).stack().natives().get(0)).hasToString("libuv.so.1+0x10");
    assertThat(calls.refreshes).isOne();
    assertThat(tracer.on()).isTrue();
  }

  @Test
  void aCloseADoubtAndTheNextUseAreSeen() {
    region.open(7, 42, 0, library, 0, 0);
    NativeTracer tracer = tracer();
    NativeUse first = tracer.use(7);
    assertThat(first.close()).isNull();
    assertThat(first.thread()).isNull();
    assertThat(first.stack()).isSameAs(NativeStack.NONE);
    region.close(7, 2, library);
    assertThat(tracer.use(7).close())
        .isEqualTo(new NativeClose("close", first.object(), 5_000, 78));
    region.doubt(7);
    assertThat(tracer.use(7).doubtful()).isTrue();
    region.open(7, 43, 1, 0, 0, 0);
    assertThat(tracer.use(7).generation()).isEqualTo(43);
    assertThat(tracer.use(7).object()).isNull();
  }

  @Test
  void whoClosedTheUseBeforeIsKnownUntilTheNextButOne() {
    region.open(7, 42, 1, library, 0, 0);
    region.close(7, 2, library);
    NativeTracer tracer = tracer();
    assertThat(tracer.closeBefore(7, 42)).as("it is the last use yet").isNull();
    region.open(7, 43, 1, 0, 0, 0);
    NativeObject object = tracer.closeBefore(7, 42).object();
    assertThat(tracer.closeBefore(7, 42)).isEqualTo(new NativeClose("close", object, 5_000, 78));
    assertThat(object.id()).isEqualTo(library);
    assertThat(tracer.closeBefore(7, 41)).isNull();
    region.close(7, 2, 0);
    region.doubt(7);
    region.open(7, 44, 1, 0, 0, 0);
    assertThat(tracer.closeBefore(7, 42)).isNull();
    assertThat(tracer.closeBefore(7, 43)).as("that close is doubtful").isNull();
    assertThat(tracer.closeBefore(-1, 0)).isNull();
    assertThat(tracer.closeBefore(RegionBytes.SLOTS, 0)).isNull();
  }

  @Test
  void onceACloseWasNotSeenWhatHasNoIdentityIsDoubted() {
    int jdk = region.object(0x5000, 0x6000, 0, Region.OBJECT_JDK, "libnet.so", "/jdk/libnet.so");
    region.open(3, 41, 1, library, 0, 0);
    region.open(4, 42, 1, library, 0, 0);
    region.open(5, 43, 3, library, 0, 0);
    region.open(6, 44, 1, jdk, 0, 0);
    region.open(7, 45, 1, library, 0, 0);
    region.close(7, 2, library);
    List.of(4, 5, 6, 7).forEach(region::unidentified);
    NativeTracer tracer = tracer();
    tracer.refresh();
    assertThat(List.of(3, 4, 5, 6, 7)).noneMatch(number -> tracer.use(number).doubtful());
    region.missClose();
    tracer.refresh();
    assertThat(tracer.use(4).doubtful()).isTrue();
    assertThat(List.of(3, 5, 6, 7)).noneMatch(number -> tracer.use(number).doubtful());
  }

  @Test
  void aFailedCloseIsReadOnceWithTheUseThatWasClosedBefore() {
    region.stack(3, false, 500, 0x1010);
    region.publish(3);
    region.open(7, 42, 1, library, 0, 0);
    region.close(7, 2, 0);
    region.failedClose(7, 2, library, 3);
    region.open(7, 43, 1, library, 0, 0);
    NativeTracer tracer = tracer();
    tracer.refresh();
    FailedClose failed = tracer.failedCloses().get(0);
    assertThat(failed.number()).isEqualTo(7);
    assertThat(failed.call()).isEqualTo("close");
    assertThat(failed.object().id()).isEqualTo(library);
    assertThat(failed.tid()).isEqualTo(79);
    assertThat(failed.thread()).isEqualTo("closer");
    assertThat(failed.stack().natives()).hasSize(1);
    assertThat(failed.before().generation()).isEqualTo(42);
    assertThat(failed.before().close()).isEqualTo(new NativeClose("close", null, 5_000, 78));
    assertThat(failed.closedBefore()).isEqualTo(failed.at().minusNanos(1_000));
    assertThat(tracer.failedCloses()).isEmpty();
    region.failedClose(9, 2, library, 0);
    assertThat(tracer.failedCloses())
        .singleElement()
        .satisfies(
            never -> {
              assertThat(never.number()).isEqualTo(9);
              assertThat(never.before()).isNull();
              assertThat(never.closedBefore()).isNull();
              assertThat(never.stack()).isSameAs(NativeStack.NONE);
            });
  }

  @Test
  void ofMoreFailedClosesThanTheRingHoldsTheLatestAreRead() {
    NativeTracer tracer = tracer();
    for (int number = 1; number <= RegionBytes.FAILED_CLOSES + 3; number++) {
      region.failedClose(number, 2, library, 0);
    }
    assertThat(tracer.failedCloses()).extracting(FailedClose::number).containsExactly(4, 5, 6, 7);
  }

  @Test
  void anUnchangedSlotIsNotMadeAnew() {
    region.open(7, 42, 0, library, 0, 0);
    NativeTracer tracer = tracer();
    assertThat(tracer.use(7)).isSameAs(tracer.use(7));
  }

  @Test
  void numbersThatWereNeverOpenedHaveNoUse() {
    NativeTracer tracer = tracer();
    assertThat(tracer.use(7)).isNull();
    assertThat(tracer.use(-1)).isNull();
    assertThat(tracer.use(RegionBytes.SLOTS)).isNull();
    region.open(RegionBytes.SLOTS - 1, 1, 0, library, 0, 0);
    assertThat(tracer.use(RegionBytes.SLOTS - 1)).isNotNull();
    assertThat(tracer.use(0)).isNull();
  }

  @Test
  void aSlotThatIsBeingWrittenIsNotRead() {
    region.open(7, 42, 0, library, 0, 0);
    NativeTracer tracer = tracer();
    int at = region.slot(7);
    region.bytes.putInt(at, region.bytes.getInt(at) + 1);
    assertThat(tracer.use(7)).isNull();
    region.bytes.putInt(at, region.bytes.getInt(at) + 1);
    assertThat(tracer.use(7)).isNotNull();
  }

  /** The writer's order is that of the hooks: odd, the record, even. */
  @Test
  void noHalfOfARecordIsRead() throws Exception {
    VarHandle sequence =
        MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    int at = region.slot(7);
    AtomicBoolean stop = new AtomicBoolean();
    Thread writer =
        new Thread(
            () -> {
              for (int i = 2; !stop.get(); i += 2) {
                sequence.setVolatile(region.bytes, at, i - 1);
                VarHandle.fullFence();
                region.bytes.put(at + 4, (byte) 1).putLong(at + 8, i).putInt(at + 28, i);
                region.bytes.putLong(at + 40, i).putLong(at + 48, i);
                sequence.setRelease(region.bytes, at, i);
              }
            });
    writer.start();
    NativeTracer tracer = tracer();
    long last = 0;
    for (int seen = 0; seen < 5_000; ) {
      NativeUse use = tracer.use(7);
      if (use != null) {
        assertThat(use.generation()).isGreaterThanOrEqualTo(last);
        assertThat(List.of((long) use.tid(), use.device(), use.inode()))
            .allMatch(part -> part == use.generation());
        last = use.generation();
        seen++;
      }
    }
    stop.set(true);
    writer.join();
    assertThat(last).isGreaterThan(2);
  }

  @Test
  void javaFramesAreNamedAtTheRefreshAndOutliveTheirMethods() {
    calls.methods.put(100L, new Object[] {String.class, "trim", "String.java"});
    region.stack(4, true, 500, 100, 12, 101, 3);
    NativeTracer tracer = tracer();
    tracer.refresh();
    region.publish(4);
    tracer.refresh();
    calls.methods.clear();
    region.open(7, 42, 0, library, 0, 4);
    NativeStack stack = tracer.use(7).stack();
    assertThat(stack.java())
        .map(StackTraceElement::toString)
        .containsExactly(
            "java.base/java.lang.String.trim(String.java:12)",
            "<unloaded>.<unknown>(Unknown Source)");
  }

  @Test
  void equalStacksAreOneObject() {
    int jvm = region.object(0x5000, 0x6000, 10, 1, "libjvm.so", "/jdk/lib/server/libjvm.so");
    assertThat(jvm).isPositive();
    region.stack(3, false, 500, 0x1010, 0x9999);
    region.stack(5, false, 500, 0x1010, 0x5005, 0x1011);
    region.publish(3);
    region.publish(5);
    region.open(7, 42, 0, library, 3, 0);
    region.open(8, 43, 0, library, 5, 0);
    NativeTracer tracer = tracer();
    tracer.refresh();
    assertThat(tracer.use(7).stack()).isSameAs(tracer.use(8).stack());
    assertThat(tracer.use(7).stack().natives()).hasSize(1);
  }

  @Test
  void anAddressIsOfTheObjectThatWasThereThen() {
    region.unload(library, 600);
    int next = region.object(0x1000, 0x3000, 700, 0, "", "/tmp/next.so");
    region.stack(3, false, 500, 0x1010);
    region.stack(4, false, 800, 0x1010);
    region.stack(5, false, 650, 0x1010);
    for (int number = 3; number <= 5; number++) {
      region.publish(number);
      region.open(number, number, 0, library, number, 0);
    }
    NativeTracer tracer = tracer();
    tracer.refresh();
    assertThat(tracer.use(3).stack().natives().get(0).object().id()).isEqualTo(library);
    assertThat(tracer.use(4).stack().natives().get(0).object().id()).isEqualTo(next);
    // Its constructor ran before the tracer saw it.
    assertThat(tracer.use(5).stack().natives().get(0).object().id()).isEqualTo(next);
    assertThat(tracer.use(4).stack().natives().get(0)).hasToString("next.so+0x10");
  }

  @Test
  void aReturnAddressBeyondTheEndIsOfTheObjectThatCalled() {
    region.stack(3, false, 500, 0x2000, 0x1000);
    region.publish(3);
    region.open(7, 42, 0, library, 3, 0);
    NativeTracer tracer = tracer();
    tracer.refresh();
    assertThat(tracer.use(7).stack().natives()).hasSize(1);
  }

  @Test
  void callsForWhichNoDescriptorWasLeftAreCounted() {
    Tracer tracer = tracer();
    assertThat(tracer.exhausted()).isZero();
    region.exhausted(2);
    assertThat(tracer.exhausted()).isEqualTo(2);
  }

  @Test
  void errorsHaveNamesAndTimes() {
    long now = System.nanoTime();
    region.error(2, library, 1, 24, 3, now - 60_000_000_000L, now);
    region.error(5, 0, 99, 111, 1, now, now);
    Instant wall = Instant.now();
    List<NativeError> errors = tracer().errors();
    assertThat(errors).hasSize(2);
    assertThat(errors.get(0).object().name()).isEqualTo("libuv.so.1");
    assertThat(errors.get(0)).extracting("call", "errno", "count").contains("socket", "EMFILE", 3L);
    assertThat(ChronoUnit.SECONDS.between(errors.get(0).first(), errors.get(0).last()))
        .isEqualTo(60);
    assertThat(errors.get(0).last()).isBefore(wall.plusSeconds(5));
    assertThat(errors.get(1))
        .extracting("object", "call", "errno")
        .containsExactly(null, "unknown", "ECONNREFUSED");
  }

  @Test
  void whatWasLeftOutIsSaid() {
    NativeTracer tracer = tracer();
    tracer.refresh();
    assertThat(tracer.blind()).isEmpty();
    region.bytes.putLong(128, 12).putLong(160, 3);
    tracer.refresh();
    List<Blind> blind = tracer.blind();
    assertThat(blind).map(Blind::why).anyMatch(why -> why.startsWith("12 native opens"));
    assertThat(blind).map(Blind::why).anyMatch(why -> why.startsWith("3 imports"));
    region.bytes.putLong(128, 13);
    tracer.refresh();
    assertThat(tracer.blind().get(0).since()).isEqualTo(blind.get(0).since());
    assertThat(tracer.blind()).map(Blind::why).anyMatch(why -> why.startsWith("13 native opens"));
  }

  @Test
  void theReasonOfTheNativeHalfIsPassedOn() {
    calls.reason = "no Java stacks: no such field";
    assertThat(tracer().blind()).map(Blind::why).containsExactly("no Java stacks: no such field");
  }

  @Test
  void whatIsNoRegionIsRefused() {
    region.bytes.putInt(4, 3);
    assertThatThrownBy(region::region).hasMessageContaining("of another version");
    region.bytes.putInt(4, 4).putInt(20, 64);
    assertThatThrownBy(region::region).hasMessageContaining("of another size");
    region.bytes.putInt(20, 128).putLong(48, 1L << 40);
    assertThatThrownBy(region::region).hasMessageContaining("header is broken");
  }

  @Test
  void copiesOfALibraryHaveOneName() {
    assertThat(name("/tmp/librocksdbjni13605396992396771301.so")).isEqualTo("librocksdbjni.so");
    assertThat(name("/tmp/sqlite-3.54.1.0-1675b676-84f1-49e2-a333-df1f73540d87-libsqlitejdbc.so"))
        .isEqualTo("sqlite-3.54.1.0-libsqlitejdbc.so");
    assertThat(name("/tmp/libfoo_x86_6415925430912345.so")).isEqualTo("libfoo_x86_64.so");
    assertThat(name("/opt/libfoo.so.1.2.13")).isEqualTo("libfoo.so.1.2.13");
  }

  private static String name(String path) {
    return new NativeObject(1, path, null, null, Role.LIBRARY).name();
  }
}
