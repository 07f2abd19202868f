package io.refinery.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EntryLocksTest {

  @TempDir private Path folder;
  private EntryLocks locks;

  @BeforeEach
  void open() throws IOException {
    locks = EntryLocks.of(folder);
  }

  @Test
  void anEntryHasOneExclusiveOwner() throws IOException {
    EntryLock first = locks.tryExclusive("a").orElseThrow();
    assertThat(locks.tryExclusive("a")).isEmpty();
    assertThat(EntryLocks.of(folder.resolve(".")).tryExclusive("a")).isEmpty();
    assertThat(locks.ifUnused("b", () -> {})).isTrue();
    first.close();
    assertThat(locks.ifUnused("a", () -> {})).isTrue();
  }

  @Test
  void anEntryIsUnusedOnceItsLastUserHasClosedIt() throws IOException {
    EntryLock first = locks.shared("a");
    EntryLock second = locks.shared("a");
    first.close();
    first.close();
    assertThat(locks.tryExclusive("a")).isEmpty();
    second.close();
    assertThat(locks.ifUnused("a", () -> {})).isTrue();
  }

  @Test
  void aSharedLockWaitsForTheExclusiveOwner() throws Exception {
    EntryLock owner = locks.tryExclusive("a").orElseThrow();
    CompletableFuture<EntryLock> user = CompletableFuture.supplyAsync(() -> share("a"));
    assertThat(user).isNotDone();
    owner.close();
    user.get().close();
  }

  @Test
  void aFailedActionReleasesItsEntry() {
    assertThatThrownBy(
            () ->
                locks.ifUnused(
                    "a",
                    () -> {
                      throw new IOException("full");
                    }))
        .hasMessage("full");
    assertThat(tryExclusive("a")).isPresent();
  }

  @Test
  void anInterruptedThreadLosesNoLock() throws IOException {
    EntryLock kept = locks.tryExclusive("kept").orElseThrow();
    Thread.currentThread().interrupt();
    try {
      assertThat(tryExclusive("other")).isPresent();
      assertThatThrownBy(() -> locks.shared("kept")).isInstanceOf(InterruptedIOException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(locks.tryExclusive("kept")).isEmpty();
    kept.close();
    assertThat(locks.ifUnused("kept", () -> {})).isTrue();
  }

  private Optional<EntryLock> tryExclusive(String entry) {
    try {
      return locks.tryExclusive(entry);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private EntryLock share(String entry) {
    try {
      return locks.shared(entry);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
