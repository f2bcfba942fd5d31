package io.descry.e2e.suites;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Runs one test class, and prints how each test and the class ended, a line of JSON for each. */
public final class SuiteRun {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SuiteRun() {}

  /** A class's simple name, then configuration parameters, {@code key=value}. */
  public static void main(String[] arguments) throws ReflectiveOperationException, IOException {
    EngineTestKit.Builder kit =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectClass(Class.forName("io.descry.e2e.suites." + arguments[0])));
    for (int i = 1; i < arguments.length; i++) {
      String[] parameter = arguments[i].split("=", 2);
      kit.configurationParameter(parameter[0], parameter[1]);
    }
    for (Event event : kit.execute().allEvents().finished().list()) {
      System.out.println(
          "ended "
              + JSON.writeValueAsString(
                  Map.of(
                      "name",
                      event.getTestDescriptor().getLegacyReportingName(),
                      "failure",
                      failure(event.getRequiredPayload(TestExecutionResult.class)))));
    }
  }

  private static String failure(TestExecutionResult result) {
    return result.getThrowable().map(Throwable::toString).orElse("");
  }
}
