package io.dogsled.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Counter;
import org.junit.jupiter.api.Test;

/** Nobody announces the end of an invocation: SAM local, and Managed Instances. */
class NoEndSignalTest {
    private final Launcher launcher = new Launcher();

    @Test
    void anInvocationIsDoneAtOnceAndWhatWaitsLeavesWithIt() {
        launcher.registers(202);
        launcher.invokes("r1", 3_000);

        assertThat(launcher.took()).containsExactly("registered 202 f", "invoke r1", "done r1", "flush QUIET 250 ms");
        assertThat(launcher.loop.state()).isEqualTo(LifeCycle.IDLE);
    }

    @Test
    void dataIsFlushedWhenItHasBeenQuietForAFewMilliseconds() {
        launcher.registers(202);
        launcher.invokes("r1", 3_000);
        launcher.took();

        datagram();
        assertThat(launcher.took()).as("the first one asks for a tick").containsExactly("wake 5");
        datagram();
        assertThat(launcher.took()).as("the second one does not").isEmpty();

        tickAfter(5);
        assertThat(launcher.took()).as("it has just arrived").containsExactly("wake 5");
        tickAfter(5);
        assertThat(launcher.took()).as("quiet, and no idle tick after it").containsExactly("flush QUIET 250 ms");

        datagram();
        assertThat(launcher.took()).as("the next one is noticed again").containsExactly("wake 5");
    }

    @Test
    void whatArrivesDuringTheFlushIsNoticed() {
        launcher.registers(202);
        launcher.took();
        datagram();
        launcher.duringFlush = this::datagram;
        tickAfter(5);
        launcher.took();

        tickAfter(5);

        assertThat(launcher.took()).containsExactly("flush QUIET 250 ms", "wake 5");
    }

    @Test
    void aSenderThatNeverPausesIsFlushedNowAndThen() {
        launcher.registers(202);
        launcher.took();
        datagram();

        int ticks = 0;
        while (!launcher.diary.contains("flush QUIET 250 ms") && ticks < 1_000) {
            datagram();
            tickAfter(5);
            ticks++;
        }

        assertThat(ticks).isBetween(200, 202);
    }

    @Test
    void aFlushThatFailsDoesNotEndTheListening() {
        launcher.registers(202);
        datagram();
        tickAfter(5);
        launcher.duringFlush = () -> {
            throw new IllegalStateException("broken on purpose");
        };
        tickAfter(5);
        launcher.took();

        datagram();

        assertThat(launcher.took()).containsExactly("wake 5");
    }

    @Test
    void whatCameBeforeTheRegistrationIsFlushedToo() {
        launcher.unflushed = true;
        launcher.registers(202);
        assertThat(launcher.took()).containsExactly("registered 202 f", "wake 5");

        tickAfter(5);

        assertThat(launcher.took()).containsExactly("flush QUIET 250 ms");
    }

    @Test
    void withTelemetryTheReceiverIsNotAsked() {
        launcher.registers(200);
        launcher.took();

        datagram();

        assertThat(launcher.took()).isEmpty();
    }

    @Test
    void managedInstancesFlushAtTheInterval() {
        Launcher managed = Launcher.onManagedInstances();
        managed.intervalMs = 10_000;
        managed.registers(200);
        assertThat(managed.took()).containsExactly("registered 200 f", "wake 10000");

        for (int i = 0; i < 3; i++) {
            managed.clock.advanceMs(10_000);
            managed.ticks();
            assertThat(managed.took()).containsExactly("flush INTERVAL 250 ms", "wake 10000");
        }

        managed.shutsDown(2_000);
        assertThat(managed.took()).containsExactly("flush LAST 1900 ms");
    }

    @Test
    void withoutInvokeEventsTheIntervalDecidesToo() {
        launcher.intervalMs = 10_000;
        launcher.says(Frame.REGISTERED, "\u0001{\"launcher\":{\"telemetryStatus\":200,\"invokeEvents\":false}}");

        assertThat(launcher.took()).containsExactly("registered 200 ", "wake 10000");
    }

    @Test
    void managedInstancesGoOnAfterAnError() {
        Launcher managed = Launcher.onManagedInstances();
        managed.intervalMs = 10_000;
        managed.registers(200);
        managed.duringFlush = () -> {
            throw new IllegalStateException("broken on purpose");
        };
        managed.clock.advanceMs(10_000);

        managed.ticks();

        assertThat(managed.took()).endsWith("wake 10000");
    }

    private void datagram() {
        launcher.counters.increment(Counter.DATAGRAMS);
        launcher.unflushed = true;
        launcher.signal.onData();
    }

    private void tickAfter(long ms) {
        launcher.clock.advanceMs(ms);
        launcher.ticks();
    }
}
