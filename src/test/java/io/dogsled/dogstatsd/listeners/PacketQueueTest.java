package io.dogsled.dogstatsd.listeners;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Clock;
import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The queue, driven by hand: the test is the listener and the workers. */
class PacketQueueTest {
    private final Clock clock = Clock.system();
    private final Counters counters = new Counters();
    private final Instruments instruments = new Instruments(clock, counters, new Log(Log.Level.OFF));
    private final PacketQueue queue = new PacketQueue(8, 2, 1_000, 2, instruments);

    @Test
    void aWorkerWithNothingElseToDoTakesWhatIsThere() {
        put("a");
        put("b");
        assertThat(take(0)).isEqualTo("a\nb");
        put("c");
        assertThat(take(1)).isEqualTo("c");
    }

    @Test
    void fullPacketsComeInOrderAndTheOpenOneLast() {
        put("aaaaaaa");
        put("bbbbbbb");
        put("c");
        assertThat(take(0)).isEqualTo("aaaaaaa");
        assertThat(take(1)).isEqualTo("bbbbbbb");
        assertThat(take(0)).isEqualTo("c");
    }

    @Test
    void aDatagramLongerThanAPacketGetsOneOfItsOwn() {
        put("a");
        put("0123456789");
        put("b");
        assertThat(take(0)).isEqualTo("a");
        assertThat(take(1)).isEqualTo("0123456789");
        assertThat(take(0)).isEqualTo("b");
    }

    @Test
    void aDrainWaitsForWhatIsHereAndForWhoIsBusyAndForNothingLater() {
        assertThat(drained()).isTrue();
        put("aaaaaaa");
        put("b");
        Packet first = packet(0);
        assertThat(drained()).isFalse();
        Packet second = packet(1);
        queue.handled(0, first);
        assertThat(drained()).as("one worker is busy").isFalse();
        queue.handled(1, second);
        assertThat(drained()).isTrue();
    }

    @Test
    void aDrainEndsThoughMoreComes() throws InterruptedException {
        put("aaaaaaa");
        Packet early = packet(0);
        Drainer drainer = new Drainer();
        drainer.start();
        awaitState(drainer, Thread.State.TIMED_WAITING);
        put("later");
        Packet late = packet(1);
        queue.handled(0, early);
        drainer.join(5_000);
        assertThat(drainer.drained).isTrue();
        queue.handled(1, late);
    }

    @Test
    void whoPutsIntoAFullQueueWaitsAndIsCounted() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            put("aaaaaaa"); // two wait, one is open
        }
        assertThat(counters.value(Counter.QUEUE_WAITS)).isZero();
        Thread putter = new Thread() {
            @Override
            public void run() {
                put("b");
            }
        };
        putter.start();
        awaitState(putter, Thread.State.WAITING);
        assertThat(counters.value(Counter.QUEUE_WAITS)).isEqualTo(1);
        queue.handled(0, packet(0));
        putter.join(5_000);
        assertThat(putter.isAlive()).isFalse();
        assertThat(take(0)).isEqualTo("aaaaaaa");
        assertThat(take(0)).isEqualTo("aaaaaaa");
        assertThat(take(0)).isEqualTo("b");
    }

    @Test
    void bytesAreBoundedHoweverManyPacketsMayWait() throws InterruptedException {
        PacketQueue small = new PacketQueue(8, 1_000, 16, 1, instruments);
        for (int i = 0; i < 3; i++) {
            put(small, "aaaaaaa"); // two wait, one is open
        }
        Thread putter = new Thread() {
            @Override
            public void run() {
                put(small, "b");
            }
        };
        putter.start();
        awaitState(putter, Thread.State.WAITING);
        assertThat(small.bytes()).isEqualTo(16);
        assertThat(counters.value(Counter.QUEUE_WAITS)).isEqualTo(1);
        small.handled(0, Objects.requireNonNull(small.take(0)));
        putter.join(5_000);
        assertThat(putter.isAlive()).isFalse();
    }

    @Test
    void packetsKeptToBeUsedAgainCountAsBytes() {
        PacketQueue small = new PacketQueue(8, 1_000, 32, 1, instruments);
        for (int i = 0; i < 5; i++) {
            put(small, "aaaaaaa"); // four wait, one is open
        }
        for (int i = 0; i < 5; i++) {
            small.handled(0, Objects.requireNonNull(small.take(0)));
        }
        assertThat(small.bytes()).as("four are kept").isEqualTo(32);
        for (int i = 0; i < 2; i++) {
            put(small, "a datagram of twenty"); // longer than a packet: one waits, one is open
        }
        assertThat(small.bytes()).as("one of 20 bytes and one kept").isEqualTo(28);
    }

    @Test
    void aClosedQueueIsEmptiedBeforeItEnds() {
        put("a");
        queue.close();
        assertThat(take(0)).isEqualTo("a");
        assertThat(queue.take(0)).isNull();
    }

    private boolean drained() {
        return queue.drain(Deadline.after(clock.nowNs(), 1));
    }

    private void put(String datagram) {
        put(queue, datagram);
    }

    private static void put(PacketQueue queue, String datagram) {
        byte[] bytes = datagram.getBytes(StandardCharsets.UTF_8);
        queue.put(bytes, bytes.length);
    }

    private Packet packet(int worker) {
        @Nullable Packet packet = queue.take(worker);
        return Objects.requireNonNull(packet);
    }

    private String take(int worker) {
        Packet packet = packet(worker);
        String text = new String(packet.bytes(), 0, packet.length(), StandardCharsets.UTF_8);
        queue.handled(worker, packet);
        return text;
    }

    private static void awaitState(Thread thread, Thread.State wanted) {
        long deadlineNs = System.nanoTime() + 5_000_000_000L;
        while (thread.getState() != wanted && System.nanoTime() - deadlineNs < 0) {
            Thread.onSpinWait();
        }
        assertThat(thread.getState()).isEqualTo(wanted);
    }

    private final class Drainer extends Thread {
        private volatile boolean drained;

        @Override
        public void run() {
            drained = queue.drain(Deadline.after(clock.nowNs(), 5_000));
        }
    }
}
