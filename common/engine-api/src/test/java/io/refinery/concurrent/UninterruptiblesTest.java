package io.refinery.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class UninterruptiblesTest {

  @Test
  void anInterruptedWaitCompletesAndLeavesTheThreadInterrupted() {
    CountDownLatch latch = new OpenedByTheThirdWait();
    Uninterruptibles.uninterruptibly(latch);
    assertThat(latch.getCount()).isZero();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aThreadThatWasNotInterruptedIsNotInterruptedAfterwards() {
    Uninterruptibles.uninterruptibly(new CountDownLatch(0));
    assertThat(Thread.interrupted()).isFalse();
  }

  private static final class OpenedByTheThirdWait extends CountDownLatch {

    private int waits;

    OpenedByTheThirdWait() {
      super(1);
    }

    @Override
    public void await() throws InterruptedException {
      waits++;
      if (waits < 3) {
        throw new InterruptedException();
      }
      countDown();
      super.await();
    }
  }
}
