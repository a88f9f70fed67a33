package io.dogsled.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Counter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** SHUTDOWN while telemetry may still come that belongs into the last flush (rulings.md 27). */
class LateTelemetryTest {
    private final Launcher launcher = new Launcher();

    @BeforeEach
    void anInvocationIsOverWhoseReportIsOutstanding() {
        launcher.registers(200);
        launcher.invokes("r1", 3_000);
        launcher.runtimeDone("r1");
        launcher.awaitsTelemetry = true;
        launcher.took();
    }

    @Test
    void whatIsHereLeavesAtOnceAndTheLastFlushWaitsForAtMostAHundredMilliseconds() {
        launcher.shutsDown(2_000);
        assertThat(launcher.took()).containsExactly("flush NOW 250 ms", "wake 100");
        assertThat(launcher.shutdownReason).isEqualTo("spindown");
        assertThat(launcher.loop.end()).isNull();

        launcher.clock.advanceMs(100);
        launcher.ticks();

        assertThat(launcher.took()).containsExactly("flush LAST 1800 ms");
        assertThat(launcher.loop.end()).isEqualTo(LambdaLoop.End.SHUTDOWN);
    }

    @Test
    void theLastFlushComesAsSoonAsTheReportIsHere() {
        launcher.shutsDown(2_000);
        launcher.clock.advanceMs(20);
        launcher.runtimeDone("of another one");
        assertThat(launcher.loop.end()).as("still outstanding").isNull();
        launcher.took();

        launcher.clock.advanceMs(20);
        launcher.awaitsTelemetry = false;
        launcher.runtimeDone("r1");

        assertThat(launcher.took()).containsExactly("flush LAST 1860 ms");
        assertThat(launcher.loop.end()).isEqualTo(LambdaLoop.End.SHUTDOWN);
    }

    @Test
    void aShortDeadlineIsNotSpentOnWaiting() {
        launcher.shutsDown(200);

        assertThat(launcher.took()).containsExactly("flush NOW 45 ms", "wake 45");
    }

    @Test
    void anInvocationThatRanIntoItsTimeoutHasAReportToo() {
        launcher.invokes("r2", 3_000);
        launcher.clock.advanceMs(2_900);
        launcher.ticks();
        launcher.took();

        launcher.shutsDown(2_000);

        assertThat(launcher.took()).containsExactly("flush NOW 250 ms", "wake 100");
    }

    @Test
    void whoHasBeenSilentOnceIsNotWaitedFor() {
        launcher.invokes("r2", 3_000);
        launcher.clock.advanceMs(2_900);
        launcher.ticks();
        launcher.invokes("r3", 3_000);
        launcher.took();

        launcher.shutsDown(2_000);

        assertThat(launcher.took()).containsExactly("flush LAST 1900 ms");
    }

    @Test
    void anEndThatIsAnnouncedMeanwhileIsNotFlushedOnItsOwn() {
        launcher.invokes("r2", 3_000);
        launcher.shutsDown(2_000);
        launcher.took();

        launcher.runtimeDone("r2");

        assertThat(launcher.took()).isEmpty();
        assertThat(launcher.loop.end()).isNull();
    }

    @Test
    void anExceptionMeanwhileDoesNotKeepTheSandboxFromEnding() {
        launcher.duringFlush = () -> {
            throw new IllegalStateException("broken on purpose");
        };
        launcher.shutsDown(2_000);
        assertThat(launcher.counters.value(Counter.INTERNAL_ERRORS)).isEqualTo(1);
        launcher.duringFlush = () -> {};
        assertThat(launcher.took()).endsWith("wake 1");

        launcher.ticks();

        assertThat(launcher.took()).containsExactly("flush LAST 1900 ms");
        assertThat(launcher.loop.end()).isEqualTo(LambdaLoop.End.SHUTDOWN);
    }
}
