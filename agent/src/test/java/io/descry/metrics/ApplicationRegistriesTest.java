package io.descry.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.detect.Verdict;
import io.descry.report.Sample;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.File;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ApplicationRegistriesTest {
  private final FakeSource source = new FakeSource();
  private final List<String> problems = new ArrayList<>();
  private final ApplicationRegistries registries = registries(Duration.ZERO);

  @Test
  void everyRegistryThatPublishesHasEachMeterOnce() {
    SimpleMeterRegistry one = new SimpleMeterRegistry();
    SimpleMeterRegistry other = new SimpleMeterRegistry();
    CompositeMeterRegistry inner = new CompositeMeterRegistry().add(one).add(other);
    CompositeMeterRegistry outer = new CompositeMeterRegistry().add(inner).add(one);
    List.of(one, other, inner, outer).forEach(this::made);
    refresh();
    refresh();

    assertThat(registries.bound()).isEqualTo(2);
    assertThat(outer.getMeters()).isEmpty();
    assertThat(one.get("descry.blind").gauge().value()).isEqualTo(2);
    assertThat(one.get("descry.scan.duration").timer().count()).isEqualTo(2);
    assertThat(other.getMeters()).hasSameSizeAs(one.getMeters());
    assertThat(problems).isEmpty();
  }

  @Test
  void membersOfACompositeAreFoundWhenTheyJoin() {
    CompositeMeterRegistry composite = new CompositeMeterRegistry();
    made(composite);
    refresh();
    SimpleMeterRegistry late = new SimpleMeterRegistry();
    composite.add(late);
    refresh();
    assertThat(late.find("descry.blind").gauge()).isNotNull();
  }

  @Test
  void findingsComeAndGo() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    made(registry);
    refresh();
    assertThat(registry.find("descry.findings").gauge()).isNull();

    source.verdict = Sample.troubled().verdict();
    refresh();
    assertThat(registry.find("descry.findings").gauges()).hasSize(5);

    source.verdict = Verdict.NONE;
    refresh();
    assertThat(registry.find("descry.findings").gauges()).isEmpty();
  }

  @Test
  void oneThatWasJustMadeIsLeftAlone() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    ApplicationRegistries patient = registries(Duration.ofDays(1));
    patient.made(new WeakReference<>(registry), System.nanoTime());
    patient.refresh(List.of());
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void aRegistryThatThrowsIsGivenUpAndHarmsNoOther() {
    SimpleMeterRegistry hostile = new SimpleMeterRegistry();
    hostile
        .config()
        .meterFilter(
            new MeterFilter() {
              @Override
              public Meter.Id map(Meter.Id id) {
                if (id.getName().equals("descry.blind")) {
                  throw new IllegalStateException("no");
                }
                return id;
              }
            });
    SimpleMeterRegistry good = new SimpleMeterRegistry();
    made(hostile);
    made(good);
    for (int i = 0; i < 5; i++) {
      refresh();
    }
    assertThat(hostile.getMeters()).isEmpty();
    assertThat(good.find("descry.blind").gauge()).isNotNull();
    assertThat(problems).singleElement().asString().contains("SimpleMeterRegistry", "no");
  }

  @Test
  void whatTheApplicationFiltersIsLeftOut() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    registry
        .config()
        .meterFilter(
            new MeterFilter() {
              @Override
              public MeterFilterReply accept(Meter.Id id) {
                return id.getName().startsWith("descry.opens")
                    ? MeterFilterReply.DENY
                    : MeterFilterReply.NEUTRAL;
              }
            })
        .commonTags("application", "shop");
    made(registry);
    refresh();
    assertThat(registry.find("descry.opens").functionCounters()).isEmpty();
    assertThat(registry.get("descry.blind").tag("application", "shop").gauge().value())
        .isEqualTo(2);
  }

  @Test
  void atMostSoManyRegistriesHaveTheMeters() {
    List<MeterRegistry> many = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      many.add(new SimpleMeterRegistry());
    }
    many.forEach(this::made);
    refresh();
    assertThat(registries.bound()).isEqualTo(ApplicationRegistries.MOST);
    assertThat(problems).singleElement().asString().contains("more than 32");
  }

  @Test
  void theMetersLastForAsLongAsTheRegistry() throws Exception {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    made(registry);
    refresh();
    collect();
    source.verdict = Sample.troubled().verdict();
    refresh();
    assertThat(registry.get("descry.blind").gauge().value()).isEqualTo(2);
    assertThat(registry.find("descry.findings").gauges()).hasSize(5);
    Reference<Object> gone = dropped();
    refresh();
    assertThat(registries.bound()).isEqualTo(2);
    awaitCleared(gone);
    refresh();
    assertThat(registries.bound()).isEqualTo(1);
  }

  /** As a web application's, whose own copy of Micrometer goes when it is undeployed. */
  @Test
  void aLoaderThatIsDroppedIsCollected() throws Exception {
    Reference<Object> loader = deployedAndGone();
    awaitCleared(loader);
    refresh();
    assertThat(registries.bound()).isZero();
    assertThat(problems).isEmpty();
  }

  private Reference<Object> deployedAndGone() throws Exception {
    URLClassLoader loader = micrometer();
    Class<?> metrics = loader.loadClass("io.micrometer.core.instrument.Metrics");
    Class<?> simple = loader.loadClass("io.micrometer.core.instrument.simple.SimpleMeterRegistry");
    Object registry = simple.getConstructor().newInstance();
    metrics
        .getMethod("addRegistry", loader.loadClass(MeterRegistry.class.getName()))
        .invoke(null, registry);
    assertThat(simple).isNotEqualTo(SimpleMeterRegistry.class);
    registries.global(new WeakReference<>(loader));
    refresh();
    assertThat(registries.bound()).isEqualTo(1);
    assertThat((List<?>) simple.getMethod("getMeters").invoke(registry)).hasSizeGreaterThan(20);
    loader.close();
    return new WeakReference<>(loader);
  }

  private static URLClassLoader micrometer() throws Exception {
    List<URL> jars = new ArrayList<>();
    for (String entry :
        System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator))) {
      if (entry.matches(
          ".*(micrometer-(core|commons|observation)|HdrHistogram|LatencyUtils|slf4j-api|jspecify)[^/]*")) {
        jars.add(new File(entry).toURI().toURL());
      }
    }
    assertThat(jars).isNotEmpty();
    return new URLClassLoader(jars.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
  }

  private Reference<Object> dropped() {
    SimpleMeterRegistry second = new SimpleMeterRegistry();
    made(second);
    refresh();
    return new WeakReference<>(second);
  }

  private static void awaitCleared(Reference<Object> reference) throws InterruptedException {
    for (int i = 0; i < 100 && reference.get() != null; i++) {
      collect();
    }
    assertThat(reference.get()).isNull();
  }

  private static void collect() throws InterruptedException {
    System.gc();
    Thread.sleep(10);
  }

  private ApplicationRegistries registries(Duration settling) {
    return new ApplicationRegistries(new DescryMetrics(source), settling, problems::add);
  }

  private void made(MeterRegistry registry) {
    registries.made(new WeakReference<>(registry), System.nanoTime());
  }

  private void refresh() {
    registries.refresh(List.of(Duration.ofMillis(3)));
  }
}
