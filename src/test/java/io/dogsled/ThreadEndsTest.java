package io.dogsled;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import io.dogsled.lambda.DataSignal;
import io.dogsled.lambda.InvocationListener;
import io.dogsled.lambda.LambdaEvent;
import io.dogsled.lambda.LambdaLoop;
import io.dogsled.lambda.LauncherChannel;
import io.dogsled.lambda.Registration;
import io.dogsled.testing.ManualClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThreadEndsTest {
    private static final byte[] TICK = {1, 0, 0, 0, 6};

    private final Counters counters = new Counters();
    private final Instruments instruments = new Instruments(new ManualClock(), counters, new Log(Log.Level.OFF));
    private final ByteArrayOutputStream toLauncher = new ByteArrayOutputStream();
    private final Flushes flushes = new Flushes();
    private final LambdaLoop loop = loop();

    @ParameterizedTest
    @ValueSource(strings = {"dogstatsd", "forwarder"})
    void withoutReceiverOrForwarderTheEngineFlushesOnceMoreAndFails(String name) {
        new ThreadEnds(loop, instruments).uncaughtException(new Thread(name), new AssertionError("broken"));

        assertThat(toLauncher.toByteArray())
                .as("asks for a tick, since main waits for a frame")
                .containsExactly(5, 0, 0, 0, 19, 1, 0, 0, 0);
        assertThat(loop.run()).isEqualTo(LambdaLoop.End.FAILED);
        assertThat(flushes.moments).containsExactly(InvocationListener.Moment.LAST);
        assertThat(counters.value(Counter.INTERNAL_ERRORS)).isEqualTo(1);
    }

    @Test
    void withoutTheLocalEndpointItGoesOn() {
        new ThreadEnds(loop, instruments).uncaughtException(new Thread("control"), new AssertionError("broken"));

        assertThat(toLauncher.size()).isZero();
        assertThat(loop.run()).as("the end of the pipe, not the thread").isEqualTo(LambdaLoop.End.LAUNCHER_GONE);
        assertThat(counters.value(Counter.INTERNAL_ERRORS)).isEqualTo(1);
    }

    /** One tick comes, then the end of the pipe. */
    private LambdaLoop loop() {
        LauncherChannel channel = new LauncherChannel(new ByteArrayInputStream(TICK), toLauncher);
        return new LambdaLoop(
                new LambdaLoop.Setup(250, false, false, new DataSignal(channel), instruments), channel, flushes);
    }

    private static final class Flushes implements InvocationListener {
        private final List<Moment> moments = new ArrayList<>();

        @Override
        public void onRegistered(Registration registration) {}

        @Override
        public boolean onInvoke(LambdaEvent event) {
            return true;
        }

        @Override
        public void onFlush(Moment moment, Deadline deadline) {
            moments.add(moment);
        }

        @Override
        public void onShutdown(LambdaEvent event) {}

        @Override
        public boolean awaitsTelemetry() {
            return false;
        }

        @Override
        public long intervalMs() {
            return 0;
        }

        @Override
        public boolean awaitsData() {
            return false;
        }

        @Override
        public boolean hasUnflushed() {
            return false;
        }

        @Override
        public void onTelemetry(byte[] bytes, int start, int length, long receivedNs) {}

        @Override
        public void onRestored(Deadline deadline) {}

        @Override
        public void onRestarted(long dropped, String why) {}
    }
}
