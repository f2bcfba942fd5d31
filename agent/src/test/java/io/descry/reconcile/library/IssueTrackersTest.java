package io.descry.reconcile.library;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IssueTrackersTest {
  @Test
  void theyAreOfLibrariesThatDescryNames() {
    assertThat(IssueTrackers.libraries()).isNotEmpty().allMatch(KnownLibrary::isKnown);
  }

  @Test
  void aCopyHasTheTrackerOfItsOriginal() {
    assertThat(IssueTrackers.of("libuv (in node)")).endsWith("libuv/libuv/issues");
    assertThat(IssueTrackers.of("libacme")).isNull();
  }

  @Test
  void tellsPublicObjects() {
    assertThat(PublicObjects.has("libuv.so.1")).isTrue();
    assertThat(PublicObjects.has("libc.so.6")).isTrue();
    assertThat(PublicObjects.has("libnio.so")).isTrue();
    assertThat(PublicObjects.has("libacme.so")).isFalse();
  }
}
