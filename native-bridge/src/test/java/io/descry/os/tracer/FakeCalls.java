package io.descry.os.tracer;

import java.util.HashMap;
import java.util.Map;

/** The tracer's native half, as a test wants it. */
final class FakeCalls implements TracerCalls {
  final Map<Long, Object[]> methods = new HashMap<>();
  int refreshes;
  String reason;

  @Override
  public void refresh() {
    refreshes++;
  }

  @Override
  public Object[] method(long methodId, int bci) {
    Object[] method = methods.get(methodId);
    return method == null ? null : new Object[] {method[0], method[1], method[2], bci};
  }

  @Override
  public String[] calls() {
    return new String[] {"open", "socket", "close", "eventfd"};
  }

  @Override
  public String demangle(String symbol) {
    return null;
  }

  @Override
  public String reason() {
    return reason;
  }
}
