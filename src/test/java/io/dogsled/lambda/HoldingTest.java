package io.dogsled.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Whether an invocation is held is the strategy's decision at its begin; and what happens within a long one. */
class HoldingTest {
    private final Launcher launcher = new Launcher();

    @Test
    void aStrategyThatDoesNotHoldIsDoneAtOnceAndWokenAtItsInterval() {
        launcher.holds = false;
        launcher.intervalMs = 1_000;
        launcher.registers(200);
        launcher.invokes("r1", 30_000);
        assertThat(launcher.took())
                .containsExactly("registered 200 f", "invoke r1", "done r1", "flush START 250 ms", "wake 1000");

        launcher.clock.advanceMs(1_000);
        launcher.ticks();
        assertThat(launcher.took()).containsExactly("flush INTERVAL 250 ms", "wake 1000");

        launcher.runtimeDone("r1");
        assertThat(launcher.took()).isEmpty();
        launcher.clock.advanceMs(1_000);
        launcher.ticks();
        assertThat(launcher.took())
                .as("one more for the rest, then no idle ticks")
                .containsExactly("flush INTERVAL 250 ms");
    }

    /** So that its function runs beside the handshake; only where the listener wants to know. */
    @Test
    void theFirstDataOfAnInvocationThatIsHeldIsTold() {
        launcher.awaitsData = true;
        launcher.registers(200);
        launcher.invokes("r1", 30_000);
        launcher.took();

        launcher.signal.onData();
        launcher.signal.onData();
        assertThat(launcher.took()).containsExactly("wake 5");
        launcher.ticks();
        assertThat(launcher.took()).startsWith("flush DATA 250 ms");

        launcher.awaitsData = false;
        launcher.ticks();
        launcher.signal.onData();
        launcher.runtimeDone("r1");
        assertThat(launcher.took())
                .containsSubsequence("flush END 250 ms", "done r1")
                .noneMatch("flush DATA"::equals);
        launcher.invokes("r2", 30_000);
        launcher.signal.onData();
        assertThat(launcher.took()).doesNotContain("wake 5");
    }

    @Test
    void anInvocationThatIsNotHeldIsDoneBeforeAnythingElse() {
        launcher.holds = false;
        launcher.registers(200);
        launcher.took();

        launcher.invokes("r1", 30_000);
        launcher.runtimeDone("r1");

        assertThat(launcher.took())
                .as("its end is not flushed: that was decided at its begin")
                .containsExactly("invoke r1", "done r1", "flush START 250 ms");
        launcher.holds = true;
        launcher.invokes("r2", 30_000);
        assertThat(launcher.took())
                .startsWith("invoke r2", "flush START 250 ms")
                .doesNotContain("done r2");
    }

    /** The clock of a launcher and that of the strategy may differ by a millisecond: then the rest is waited for. */
    @Test
    void theIntervalIsAskedForAnewAfterEachTick() {
        launcher.holds = false;
        launcher.intervalMs = 1_000;
        launcher.registers(200);
        launcher.invokes("r1", 30_000);
        launcher.took();

        launcher.clock.advanceMs(1_000);
        launcher.duringFlush = () -> launcher.intervalMs = 1;
        launcher.ticks();
        assertThat(launcher.took()).containsExactly("flush INTERVAL 250 ms", "wake 1");

        launcher.clock.advanceMs(1);
        launcher.duringFlush = () -> launcher.intervalMs = 0;
        launcher.ticks();
        launcher.ticks();
        assertThat(launcher.took()).as("none is wanted any more").containsExactly("flush INTERVAL 250 ms");
    }

    @Test
    void aLongInvocationThatIsHeldIsFlushedAtItsInterval() {
        launcher.intervalMs = 1_000;
        launcher.registers(200);
        launcher.invokes("r1", 30_000);
        launcher.took();

        launcher.clock.advanceMs(1_000);
        launcher.ticks();

        assertThat(launcher.took()).containsExactly("flush INTERVAL 250 ms", "wake 1000");
        launcher.runtimeDone("r1");
        assertThat(launcher.took()).containsExactly("flush END 250 ms", "done r1");
    }
}
