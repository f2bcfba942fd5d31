package io.descry.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RaiseLimitTest {
  private final List<String> taken = new ArrayList<>();

  @Test
  void itSaysWhatTheLimitWasAndIsAndWhy() {
    AtomicReference<Limits> limits = new AtomicReference<>(new Limits(256, 4096));
    RaiseLimit raise =
        new RaiseLimit(() -> limits.getAndSet(new Limits(4096, 4096)), limits::get, this::take);
    raise.run("usage of 92 %");
    assertThat(taken)
        .containsExactly(
            "raise: the soft limit of open descriptors was raised from 256 to 4096, the hard"
                + " limit: usage of 92 %");
    raise.run("again");
    raise.run("again");
    assertThat(taken).hasSize(2);
    assertThat(taken.get(1))
        .startsWith(
            "null: the soft limit of open descriptors is the hard limit of 4096 already, nothing"
                + " was left to raise");
  }

  @Test
  void aRefusalIsSaidOnce() {
    RaiseLimit raise =
        new RaiseLimit(
            () -> {
              throw new IOException("setrlimit: EPERM");
            },
            () -> new Limits(256, 4096),
            this::take);
    raise.run("usage");
    raise.run("usage");
    assertThat(taken).containsExactly("null: the soft limit could not be raised: setrlimit: EPERM");
  }

  private void take(String action, String text) {
    taken.add(action + ": " + text);
  }
}
