package io.descry.metrics.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.descry.metrics.FakeSource;
import io.descry.report.Sample;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.TabularData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DescryBeanTest {
  private final FakeSource source = new FakeSource();
  private final MBeanServer server = MBeanServerFactory.newMBeanServer();
  private final DescryBean bean =
      new DescryBean(
          "1.2.3",
          source,
          new Operations() {
            @Override
            public void scan() {
              source.verdict = Sample.troubled().verdict();
            }

            @Override
            public List<String> writeReport(String name) {
              if ("../x".equals(name)) {
                throw new IllegalArgumentException("no plain name");
              }
              return List.of("/r" + name + ".txt");
            }
          });
  private ObjectName name;

  @BeforeEach
  void register() throws JMException {
    name = new ObjectName("io.descry:type=Descry");
    server.registerMBean(bean, name);
  }

  @Test
  void allTypesAreOpen() throws JMException {
    assertThat(server.getMBeanInfo(name).getAttributes())
        .isNotEmpty()
        .allMatch(
            attribute -> attribute.getDescriptor().getFieldValue("openType") instanceof OpenType);
    assertThat(server.getMBeanInfo(name).getOperations())
        .extracting(MBeanOperationInfo::getName)
        .containsExactlyInAnyOrder("scan", "writeReport", "writeReport");
  }

  @Test
  void figuresAreThere() throws JMException {
    source.reconciliation = Sample.troubled().reconciliation();
    source.count = 256;
    source.opens = Map.of("file", 7L);
    bean.scanned(Duration.ofMillis(250));
    assertThat(get("Version")).isEqualTo("1.2.3");
    assertThat(get("Scans")).isEqualTo(1L);
    assertThat(get("LastScanSeconds")).isEqualTo(0.25);
    assertThat(get("Open")).isEqualTo(256);
    assertThat(get("Limit")).isEqualTo(1024L);
    assertThat(get("Usage")).isEqualTo(0.25);
    assertThat(get("SecondsToExhaustion")).isEqualTo(Double.NaN);
    assertThat(row("OpenByKind", "eventpoll")).isEqualTo(210);
    assertThat(row("Opens", "file")).isEqualTo(7L);
    assertThat((CompositeData[]) get("Errors")).isNotNull();
  }

  @Test
  void everyFindingCanBeRead() throws JMException {
    assertThat(server.invoke(name, "scan", null, null)).isEqualTo(5);
    CompositeData[] findings = (CompositeData[]) get("Findings");
    assertThat(findings).hasSize(5);
    CompositeData growth =
        Stream.of(findings).filter(one -> one.get("rule").equals("growth")).findAny().orElseThrow();
    assertThat(growth.get("confidence")).isEqualTo("probable");
    assertThat(growth.get("count")).isEqualTo(210);
    assertThat((String) growth.get("library")).startsWith("netty-transport-native-epoll");
    assertThat((String[]) growth.get("evidence")).isNotEmpty();
    assertThat((String[]) growth.get("checks")).isNotEmpty();
  }

  @Test
  void reportsAreWrittenWhereTheAgentSays() throws JMException {
    assertThat((String[]) server.invoke(name, "writeReport", null, null))
        .containsExactly("/rnull.txt");
    String[] signature = {String.class.getName()};
    assertThat((String[]) server.invoke(name, "writeReport", new Object[] {"a"}, signature))
        .containsExactly("/ra.txt");
    assertThatThrownBy(() -> server.invoke(name, "writeReport", new Object[] {"../x"}, signature))
        .isInstanceOf(RuntimeMBeanException.class)
        .hasCauseInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void textFromOutsideShowsAsOneLine() {
    assertThat(Shown.text("a\n\u001b[0m\u202eb")).isEqualTo("a\ufffd\ufffd[0m\ufffdb");
    assertThat(Shown.text("x".repeat(5000))).hasSize(2000);
  }

  private Object get(String attribute) throws JMException {
    return server.getAttribute(name, attribute);
  }

  private Object row(String attribute, String key) throws JMException {
    return ((TabularData) get(attribute)).get(new Object[] {key}).get("value");
  }
}
